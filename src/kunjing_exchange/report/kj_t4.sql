-- One row a child, with the spell of schooling in force that began last.
with spell as (
  select schooling.record_no, schooling.stage, schooling.mode, schooling.aid_received,
    case when schooling.never_enrolled then 'never' else schooling.status end as status,
    row_number() over (
      partition by schooling.record_no
      order by case when schooling.start_date is null then 1 else 0 end, schooling.start_date desc,
        schooling.item_no desc
    ) as place
  from schooling cross join reporting
  where (schooling.start_date is null or schooling.start_date <= reporting.last_day)
    and (schooling.end_date is null or schooling.end_date >= reporting.last_day)
)
select
  child_now.record_no,
  spell.stage,
  spell.status as school_status,
  spell.mode,
  case when spell.aid_received or protected.education = 1 then 'yes' else 'no' end as aided,
  1 as children,
  case
    when child_now.age >= edition.school_age and child_now.age < edition.compulsory_age_limit
      and spell.status in ('never', '03', '04', '06', '15') then 1
    else 0
  end as out_of_school
from child_now
left join spell on spell.record_no = child_now.record_no and spell.place = 1
left join protected on protected.record_no = child_now.record_no
cross join edition
