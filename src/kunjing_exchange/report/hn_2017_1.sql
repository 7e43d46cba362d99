-- One row a child.
with placed as (
  select distinct care_arrangement.record_no
  from care_arrangement cross join reporting
  where care_arrangement.kind <> 'parental' and care_arrangement.start_date <= reporting.last_day
    and (care_arrangement.end_date is null or care_arrangement.end_date >= reporting.last_day)
),
served as (
  select distinct service.record_no
  from service join service_field on service.kind = service_field.kind cross join reporting
  where service.start_date <= reporting.last_day
    and (service.end_date is null or extract(year from service.end_date) >= reporting.year)
),
has_disability as (
  select distinct disability.record_no from disability
)
select
  child_now.record_no,
  child_now.letter,
  case when protected.basic_life = 1 then 'yes' else 'no' end as basic_life,
  case when protected.education = 1 then 'yes' else 'no' end as education,
  case when insured_now.record_no is not null or protected.medical = 1 then 'yes' else 'no' end as medical,
  case when child_now.guardianship_status in ('A', 'B') or placed.record_no is not null then 'yes' else 'no' end
    as guardianship,
  case when has_disability.record_no is not null then 'yes' else 'no' end as disabled,
  case when served.record_no is not null or protected.disability = 1 then 'yes' else 'no' end as served,
  1 as children
from child_now
left join protected using (record_no)
left join insured_now using (record_no)
left join placed using (record_no)
left join served using (record_no)
left join has_disability using (record_no)
