-- Tables that the queries of several statistical tables read; each is made once, and only where a query names it.
-- Beside the canonical tables there are: reporting (first_day, last_day, day_before, year, first_month, last_month),
-- period_month (month, first_day, last_day: whole months of the period), counted (record_no: accepted records),
-- edition (one row, its parameters), benefit_field (kind, field), service_field (kind),
-- known_village (record_no, village). `age(birth, day)` is the macro of the rules.

-- table: on_register
-- Case files open on the last day.
select case_file.record_no, case_file.guardianship_status, case_file.opened_on
from case_file join counted using (record_no) cross join reporting
where case_file.opened_on <= reporting.last_day
  and (case_file.closed_on is null or case_file.closed_on > reporting.last_day)

-- table: recognised
-- The one category that a child is counted in: the principal one where marked, else the first.
select determination.record_no,
  substr(min((case when determination.principal then '0' else '1' end) || determination.category), 2) as category
from determination cross join reporting cross join edition
where determination.scheme = edition.scheme
  and determination.start_date <= reporting.last_day
  and (determination.end_date is null or determination.end_date >= reporting.last_day)
group by determination.record_no

-- table: child_now
-- Children on the register with a recognition in force on the last day: the population of figures as of a day.
select aged.record_no, aged.guardianship_status, aged.opened_on, aged.category, substr(aged.category, 1, 1) as letter,
  aged.sex, aged.hukou, aged.age,
  case
    when aged.age < 3 then '0_2'
    when aged.age < 7 then '3_6'
    when aged.age < 13 then '7_12'
    when aged.age < 16 then '13_15'
    when aged.age < 18 then '16_17'
    when aged.age >= 18 then '18'
  end as age_band
from (
  select on_register.record_no, on_register.guardianship_status, on_register.opened_on, recognised.category, child.sex,
    case when child.hukou_registered = false then '0' else child.hukou_type end as hukou,
    age(child.birth_date, reporting.last_day) as age
  from on_register
  join recognised using (record_no)
  left join child using (record_no)
  cross join reporting
) as aged

-- table: benefit_now
-- Fields of protection in which a child has a benefit that counts on the last day.
select distinct benefit.record_no, benefit_field.field
from benefit join benefit_field on benefit.kind = benefit_field.kind cross join reporting
where benefit.start_date <= reporting.last_day
  and (benefit.suspended_from is null or benefit.suspended_from > reporting.last_day
    or benefit.suspended_to < reporting.last_day)
  and case
    when benefit.unit = 'once' or benefit_field.field in ('medical', 'disability')
      then extract(year from benefit.start_date) = reporting.year
        or (benefit.unit <> 'once'
          and (benefit.end_date is null or extract(year from benefit.end_date) >= reporting.year))
    else benefit.end_date is null or benefit.end_date >= reporting.last_day
  end

-- table: month_due
-- Whole months of the period in which a monthly benefit is in force and not suspended.
select benefit.record_no, benefit.item_no, benefit.kind, benefit.payer_level, benefit.amount, period_month.month
from benefit
join counted using (record_no)
join period_month on benefit.start_date <= period_month.first_day
  and (benefit.end_date is null or benefit.end_date >= period_month.last_day)
where benefit.unit = 'month'
  and (benefit.suspended_from is null or benefit.suspended_from > period_month.last_day
    or benefit.suspended_to < period_month.first_day)

-- table: month_paid
-- Months of the period for which something was paid and not returned.
select distinct payment.record_no, payment.benefit_item_no, payment.period
from payment cross join reporting
where payment.status = 'made' and (payment.kind is null or payment.kind <> 'recovery')
  and payment.period >= reporting.first_month and payment.period <= reporting.last_month

-- table: payment_made
-- Payments made in the period; one without its day counts in the month it is for.
select payment.record_no, benefit.kind, benefit.payer_level, coalesce(payment.kind, 'regular') as payment_kind,
  payment.amount
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join counted on counted.record_no = payment.record_no
cross join reporting
where payment.status = 'made'
  and case
    when payment.paid_on is null
      then payment.period >= reporting.first_month and payment.period <= reporting.last_month
    else payment.paid_on >= reporting.first_day and payment.paid_on <= reporting.last_day
  end

-- table: insured_now
-- Children insured in the year of the last day; a status not given counts as insured.
select insurance.record_no,
  min(case insurance.premium_subsidy when 'full' then '1full' when 'part' then '2part' when 'none' then '3none' end)
    as subsidy,
  max(case when insurance.serious_illness then 1 else 0 end) as serious_illness,
  max(case when insurance.supplementary then 1 else 0 end) as supplementary
from insurance cross join reporting
where cast(insurance.year as integer) = reporting.year and coalesce(insurance.status, '1') = '1'
group by insurance.record_no

-- table: event_now
-- Events of harm reported in the period.
select safety_event.record_no, safety_event.item_no, safety_event.harm,
  case
    when safety_event.intervened_at is not null then 'intervened'
    when safety_event.assessed_at is not null then 'assessed'
    when safety_event.responded_at is not null then 'responded'
    else 'reported'
  end as step,
  case
    when safety_event.found_at is null or edition.report_days is null then null
    when cast(safety_event.reported_at as date) - cast(safety_event.found_at as date) <= edition.report_days
      then 'in_time'
    else 'late'
  end as timely,
  case
    when safety_event.responded_at is null then 'none'
    when edition.police_accept_days is null then null
    when cast(safety_event.responded_at as date) - cast(safety_event.reported_at as date)
      <= edition.police_accept_days then 'in_time'
    else 'late'
  end as answered
from safety_event
join counted using (record_no)
cross join reporting
cross join edition
where cast(safety_event.reported_at as date) >= reporting.first_day
  and cast(safety_event.reported_at as date) <= reporting.last_day
