-- One row a division, in the column order of hn_2017_1.toml.
-- Reads: counted (records that count), area (record_no, division), benefit_field (kind, field), service_field (kind, field).
with last_day as (
  select period_end, cast(extract(year from period_end) as integer) as year from header
),
open_case as (
  select case_file.record_no, case_file.guardianship_status
  from case_file join counted using (record_no) cross join last_day
  where case_file.opened_on <= last_day.period_end
    and (case_file.closed_on is null or case_file.closed_on > last_day.period_end)
),
category as (
  select record_no, letter
  from (
    select determination.record_no, substr(determination.category, 1, 1) as letter,
      row_number() over (
        partition by determination.record_no
        order by case when determination.principal then 0 else 1 end, determination.category, determination.item_no
      ) as place
    from determination cross join last_day cross join edition
    where determination.scheme = edition.scheme
      and determination.start_date <= last_day.period_end
      and (determination.end_date is null or determination.end_date >= last_day.period_end)
  ) as ranked
  where place = 1
),
benefit_now as (
  select distinct benefit.record_no, benefit_field.field
  from benefit join benefit_field on benefit.kind = benefit_field.kind cross join last_day
  where benefit.start_date <= last_day.period_end
    and (benefit.suspended_from is null or benefit.suspended_from > last_day.period_end
      or benefit.suspended_to < last_day.period_end)
    and case
      when benefit.unit = 'once' or benefit_field.field in ('medical', 'disability')
        then extract(year from benefit.start_date) = last_day.year
          or (benefit.unit <> 'once' and (benefit.end_date is null or extract(year from benefit.end_date) >= last_day.year))
      else benefit.end_date is null or benefit.end_date >= last_day.period_end
    end
),
insured as (
  select distinct insurance.record_no
  from insurance cross join last_day
  where cast(insurance.year as integer) = last_day.year and coalesce(insurance.status, '1') = '1'
),
placed as (
  select distinct care_arrangement.record_no
  from care_arrangement cross join last_day
  where care_arrangement.kind <> 'parental' and care_arrangement.start_date <= last_day.period_end
    and (care_arrangement.end_date is null or care_arrangement.end_date >= last_day.period_end)
),
served as (
  select distinct service.record_no
  from service join service_field on service.kind = service_field.kind cross join last_day
  where service_field.field = 'disability' and service.start_date <= last_day.period_end
    and (service.end_date is null or extract(year from service.end_date) >= last_day.year)
),
disabled as (
  select distinct disability.record_no from disability
),
child_fact as (
  select
    area.division,
    category.letter,
    case when basic.record_no is not null then 1 else 0 end as basic_life,
    case when education.record_no is not null then 1 else 0 end as education,
    case when insured.record_no is not null or medical.record_no is not null then 1 else 0 end as medical,
    case when open_case.guardianship_status in ('A', 'B') or placed.record_no is not null then 1 else 0 end as guardianship,
    case when disabled.record_no is not null then 1 else 0 end as disabled,
    case when served.record_no is not null or rehabilitation.record_no is not null then 1 else 0 end as served
  from open_case
  join area using (record_no)
  join category using (record_no)
  left join benefit_now as basic on basic.record_no = open_case.record_no and basic.field = 'basic_life'
  left join benefit_now as education on education.record_no = open_case.record_no and education.field = 'education'
  left join benefit_now as medical on medical.record_no = open_case.record_no and medical.field = 'medical'
  left join benefit_now as rehabilitation
    on rehabilitation.record_no = open_case.record_no and rehabilitation.field = 'disability'
  left join insured on insured.record_no = open_case.record_no
  left join placed on placed.record_no = open_case.record_no
  left join served on served.record_no = open_case.record_no
  left join disabled on disabled.record_no = open_case.record_no
)
select
  division,
  count(case when letter = 'A' then 1 end) as orphan,
  count(case when letter = 'B' then 1 end) as destitute,
  count(case when letter = 'C' then 1 end) as ill_or_disabled,
  count(case when letter in ('D', 'E') then 1 end) as other,
  count(case when letter = 'D' then 1 end) as poor_family,
  count(case when letter in ('A', 'B', 'C', 'D', 'E') then 1 end) as total,
  count(case when basic_life = 1 then 1 end) as basic_life_yes,
  count(case when basic_life = 0 then 1 end) as basic_life_no,
  count(case when education = 1 then 1 end) as education_yes,
  count(case when education = 0 then 1 end) as education_no,
  count(case when medical = 1 then 1 end) as medical_yes,
  count(case when medical = 0 then 1 end) as medical_no,
  count(case when guardianship = 1 then 1 end) as guardianship_yes,
  count(case when guardianship = 0 then 1 end) as guardianship_no,
  count(case when disabled = 1 and served = 1 then 1 end) as disability_yes,
  count(case when disabled = 1 and served = 0 then 1 end) as disability_no
from child_fact
where letter in ('A', 'B', 'C', 'D', 'E')
group by division
order by division
