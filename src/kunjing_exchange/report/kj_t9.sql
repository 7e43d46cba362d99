-- Part child: one row a child. Part event: one row a report of harm. Part decision: one row a decision on an
-- application. Part fund: one row a benefit.
with overdue as (
  select determination.record_no,
    max(case
      when determination.review_date < reporting.last_day and review_step.step_date is null then 1
      when determination.review_date < reporting.last_day and review_step.step_date < determination.review_date then 1
      else 0
    end) as late,
    max(case when determination.review_date is not null then 1 else 0 end) as dated
  from determination
  left join (
    select procedure.record_no, max(procedure.step_date) as step_date
    from procedure cross join reporting
    where procedure.step = 'review' and procedure.step_date <= reporting.last_day
    group by procedure.record_no
  ) as review_step using (record_no)
  cross join reporting
  cross join edition
  where determination.scheme = edition.scheme
    and determination.start_date <= reporting.last_day
    and (determination.end_date is null or determination.end_date >= reporting.last_day)
  group by determination.record_no
),
last_visit as (
  select visit.record_no, max(visit.visit_date) as visit_date
  from visit cross join reporting
  where visit.visit_date <= reporting.last_day
  group by visit.record_no
)
select
  child_now.record_no,
  'child' as part,
  case
    when case_file.filing_date <= reporting.last_day and case_file.filing_no is not null
      and case_file.filing_office is not null then 'complete'
    else 'incomplete'
  end as filing,
  case when overdue.late = 1 then 'late' when overdue.dated = 1 then 'in_time' end as review,
  case
    when edition.visit_interval_years is null then null
    when age(last_visit.visit_date, reporting.last_day) < edition.visit_interval_years then 'in_time'
    when age(child_now.opened_on, reporting.last_day) < edition.visit_interval_years then 'not_due'
    else 'late'
  end as visited,
  null as answered,
  null as informed,
  null as payer,
  1 as children,
  0 as events,
  0 as decisions,
  0 as due,
  0 as paid
from child_now
join case_file on case_file.record_no = child_now.record_no
left join overdue on overdue.record_no = child_now.record_no
left join last_visit on last_visit.record_no = child_now.record_no
cross join reporting
cross join edition
union all
select record_no, 'event', null, null, null, answered, null, null, 0, 1, 0, 0, 0
from event_now
union all
select procedure.record_no, 'decision', null, null, null, null,
  case when procedure.notified_on <= reporting.last_day then 'yes' else 'no' end, null, 0, 0, 1, 0, 0
from procedure join counted using (record_no) cross join reporting
where procedure.step = 'decision'
  and procedure.step_date >= reporting.first_day and procedure.step_date <= reporting.last_day
union all
select record_no, 'fund', null, null, null, null, null, payer_level, 0, 0, 0, coalesce(rate, 0) * due_months,
  amount + arrears - recovered
from benefit_account
