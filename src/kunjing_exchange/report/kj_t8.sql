-- One row a child that was on the register with a recognition in force on the day before, on the last day, or between.
with spell as (
  select
    case_file.record_no,
    max(case
      when case_file.opened_on <= reporting.day_before
        and (case_file.closed_on is null or case_file.closed_on > reporting.day_before)
        and determination.start_date <= reporting.day_before
        and (determination.end_date is null or determination.end_date >= reporting.day_before) then 1
      else 0
    end) as opening,
    max(case
      when case_file.opened_on <= reporting.last_day
        and (case_file.closed_on is null or case_file.closed_on > reporting.last_day)
        and determination.start_date <= reporting.last_day
        and (determination.end_date is null or determination.end_date >= reporting.last_day) then 1
      else 0
    end) as closing,
    max(case
      when case_file.opened_on <= reporting.last_day and determination.start_date <= reporting.last_day
        and (case_file.closed_on is null
          or (case_file.closed_on > reporting.first_day and case_file.closed_on > case_file.opened_on
            and case_file.closed_on > determination.start_date))
        and (determination.end_date is null
          or (determination.end_date >= reporting.first_day and determination.end_date >= determination.start_date
            and determination.end_date >= case_file.opened_on)) then 1
      else 0
    end) as between_days,
    substr(
      max(case
        when determination.end_date < reporting.last_day
          then cast(determination.end_date as varchar) || coalesce(determination.end_reason, 'other')
      end), 11
    ) as end_reason
  from case_file
  join counted using (record_no)
  join determination using (record_no)
  cross join reporting
  cross join edition
  where determination.scheme = edition.scheme
  group by case_file.record_no
),
arrived as (
  select distinct handover.record_no
  from handover join case_file using (record_no) cross join reporting
  where handover.to_division = case_file.division and handover.from_division <> case_file.division
    and handover.handover_date >= reporting.first_day and handover.handover_date <= reporting.last_day
)
select
  spell.record_no,
  case
    when case_file.closed_on <= reporting.last_day then coalesce(case_file.exit_reason, 'other')
    else spell.end_reason
  end as reason,
  spell.opening,
  spell.closing,
  case when spell.opening = 0 and arrived.record_no is null then 1 else 0 end as entered,
  case when spell.opening = 0 and arrived.record_no is not null then 1 else 0 end as moved_in,
  1 - spell.closing as leaving
from spell
join case_file on case_file.record_no = spell.record_no
left join arrived on arrived.record_no = spell.record_no
cross join reporting
where spell.opening = 1 or spell.closing = 1 or spell.between_days = 1
