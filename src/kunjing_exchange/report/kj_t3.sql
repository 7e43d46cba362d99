-- One row a child, with the arrangement in force that began last.
with placement as (
  select care_arrangement.record_no, care_arrangement.kind,
    row_number() over (
      partition by care_arrangement.record_no
      order by care_arrangement.start_date desc, care_arrangement.item_no desc
    ) as place
  from care_arrangement cross join reporting
  where care_arrangement.start_date <= reporting.last_day
    and (care_arrangement.end_date is null or care_arrangement.end_date >= reporting.last_day)
)
select child_now.record_no, child_now.letter, placement.kind as care, child_now.guardianship_status, 1 as children
from child_now
left join placement on placement.record_no = child_now.record_no and placement.place = 1
