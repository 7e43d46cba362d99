-- Rows in force on the day, before they are put together for each record.

-- table: parent_now
select
  parent_situation.record_no,
  parent_situation.parent,
  max(case when situation in ('09', '10', '11') then 1 else 0 end) = 1 as lost,
  max(case when situation = '03' then 1 else 0 end) = 1 as in_prison,
  max(case when situation = '04' then 1 else 0 end) = 1 as in_rehabilitation,
  max(case when situation in ('03', '04', '05') then 1 else 0 end) = 1 as held,
  case
    when max(case when situation in ('09', '10', '11') or care_given = false then 1 else 0 end) = 1 then false
    when max(case when situation in ('03', '04', '05', '06', '07', '08', '13') and care_given is null then 1 else 0 end) = 1
      then false
    when max(case when situation in ('01', '02', '99') and care_given is null then 1 else 0 end) = 1 then null
    else true
  end as cares
from parent_situation
cross join reckoning
where
  coalesce(parent_situation.start_date <= reckoning.day, true)
  and (situation in ('09', '10', '11') or coalesce(parent_situation.end_date >= reckoning.day, true))
group by parent_situation.record_no, parent_situation.parent;

-- table: parent_absent
select
  parent_situation.record_no,
  parent_situation.parent,
  case
    when parent_situation.situation in ('09', '10') then true
    when unattended_situation.situation is null then false
    when parent_situation.care_given = true then false
    when unattended_situation.months > 0 and parent_situation.start_date is null then null
    when unattended_situation.months = 0 then true
    when parent_situation.start_date + unattended_situation.months * interval '1 month'
      <= coalesce(parent_situation.end_date, reckoning.day) then true
    when parent_situation.end_date is not null then false
  end as absent
from parent_situation
cross join reckoning
left join unattended_situation on unattended_situation.situation = parent_situation.situation
where
  coalesce(parent_situation.start_date <= reckoning.day, true)
  and (parent_situation.situation in ('09', '10', '11') or coalesce(parent_situation.end_date >= reckoning.day, true));

-- table: hardship_now
select
  household_hardship.record_no,
  max(case when kind in ('urban_minimum_living', 'rural_minimum_living') then 1 else 0 end) as minimum_living,
  max(case when kind = 'registered_poor' then 1 else 0 end) as registered_poor,
  max(case when kind in ('registered_poor', 'minimum_living_edge', 'poverty_monitored') then 1 else 0 end) as near
from household_hardship
cross join reckoning
where start_date <= reckoning.day and coalesce(end_date >= reckoning.day, true)
group by household_hardship.record_no;

-- table: disability_now
select
  disability.record_no,
  max(case
    when disability_grade <= cast(edition.disability_grade_limit as varchar) and coalesce(expiry_date >= reckoning.day, true)
      then 1 else 0
  end) as severe,
  max(case
    when disability_grade is null then 1
    when disability_grade <= cast(edition.disability_grade_limit as varchar) and expiry_date < reckoning.day then 1
    else 0
  end) as open_question,
  max(case when disability_class in ('1', '2', '3', '4', '5') or autism = true then 1 else 0 end) as rehabilitated,
  max(case when disability_class is null or disability_class = '7' or (disability_class = '6' and autism is null) then 1 else 0 end)
    as rehabilitated_unknown,
  max(case when disability_class in ('2', '3') then 1 else 0 end) as deaf,
  max(case when certificate_no is not null and coalesce(expiry_date >= reckoning.day, true) then 1 else 0 end) as certified
from disability
cross join reckoning
cross join edition
group by disability.record_no;

-- table: illness_now
select
  illness.record_no,
  max(case when disease_list = 'listed' then 1 else 0 end) as listed,
  max(case when disease_list is null then 1 else 0 end) as open_question
from illness
cross join reckoning
where coalesce(end_date >= reckoning.day, true)
group by illness.record_no;

-- table: care_now
select
  care_arrangement.record_no,
  max(case when kind in ('kinship', 'institution', 'foster_family', 'adoption') then 1 else 0 end) as placed,
  max(case when kind in ('institution', 'temporary_shelter') then 1 else 0 end) as in_institution,
  max(case when kind in ('kinship', 'foster_family', 'adoption', 'entrusted') then 1 else 0 end) as with_others,
  max(case when kind = 'adoption' then 1 else 0 end) as adopted
from care_arrangement
cross join reckoning
where start_date <= reckoning.day and coalesce(end_date >= reckoning.day, true)
group by care_arrangement.record_no;

-- table: guardian_now
select
  guardian.record_no,
  max(case when kind in ('civil_affairs_long_term', 'civil_affairs_temporary') then 1 else 0 end) as civil_affairs,
  max(case when kind in ('kin', 'other_individual', 'organisation', 'village_committee') and coalesce(capable, true) then 1 else 0 end)
    as other_guardian,
  max(case when kind is null then 1 else 0 end) as kind_unknown
from guardian
cross join reckoning
where coalesce(start_date <= reckoning.day, true) and coalesce(end_date >= reckoning.day, true)
group by guardian.record_no;

-- table: school_now
select
  schooling.record_no,
  max(case when status in ('01', '05') and coalesce(never_enrolled, false) = false then stage end) as stage,
  max(case when status in ('01', '05') and coalesce(never_enrolled, false) = false then 1 else 0 end) as attending,
  max(case when status is null and coalesce(never_enrolled, false) = false then 1 else 0 end) as attending_unknown,
  max(case when status in ('03', '04', '06', '14', '15') or never_enrolled = true then 1 else 0 end) as out_of_school,
  max(case when mode in ('inclusive', 'special_school', 'institution_class', 'home') then 1 else 0 end) as supported
from schooling
cross join reckoning
where coalesce(start_date <= reckoning.day, true) and coalesce(end_date >= reckoning.day, true)
group by schooling.record_no;

-- table: benefit_now
select benefit.record_no, benefit.item_no, benefit.kind, benefit.amount, benefit.unit, benefit.start_date, benefit.end_date
from benefit
cross join reckoning
where
  benefit.start_date <= reckoning.day
  and coalesce(benefit.end_date >= reckoning.day, true)
  and (
    benefit.suspended_from is null
    or benefit.suspended_from > reckoning.day
    or coalesce(benefit.suspended_to < reckoning.day, false)
  )
  and (benefit.unit = 'month' or benefit.start_date + interval '1 year' > reckoning.day);

-- table: recognition
select determination.record_no, determination.item_no, determination.category, determination.start_date
from determination
cross join reckoning
where
  determination.start_date <= reckoning.day
  and coalesce(determination.end_date >= reckoning.day, true);

-- table: rate_now
select division, kind, amount, unit
from (
  select
    area.division,
    local_rate.kind,
    local_rate.amount,
    local_rate.unit,
    row_number() over (
      partition by area.division, local_rate.kind
      order by local_rate.division desc, local_rate.start_date desc
    ) as place
  from (select distinct division from case_file) as area
  join local_rate
    on local_rate.division in (area.division, substr(area.division, 1, 4) || '00', substr(area.division, 1, 2) || '0000')
  cross join reckoning
  where local_rate.start_date <= reckoning.day and coalesce(local_rate.end_date >= reckoning.day, true)
) as ranked
where place = 1;
