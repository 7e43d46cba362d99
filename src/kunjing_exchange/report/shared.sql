-- Tables that the queries of several statistical tables read; each is made once, and only where a query names it.
-- Beside the canonical tables there are: reporting (first_day, last_day, day_before, year, first_month, last_month),
-- period_month (month, bit, first_day, last_day: whole months of the period, each with a bit of its own),
-- counted (record_no: accepted records), edition (one row, its parameters), benefit_field (kind, field),
-- service_field (kind),
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

-- table: protected
-- Fields of protection in which a child has a benefit that counts on the last day: 1 or 0 each.
select benefit.record_no,
  max(case when benefit_field.field = 'basic_life' then 1 else 0 end) as basic_life,
  max(case when benefit_field.field = 'education' then 1 else 0 end) as education,
  max(case when benefit_field.field = 'medical' then 1 else 0 end) as medical,
  max(case when benefit_field.field = 'disability' then 1 else 0 end) as disability
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
group by benefit.record_no

-- table: benefit_account
-- One row a benefit: whether a child on the register has it on the last day (held; granted once: in the period), what
-- was paid of it in the period, and in how many whole months of the period it was due (in force, not suspended), and
-- due and not paid. A payment without its day counts in the month it is for. `paid_months` has a bit for every month.
with paid as (
  select record_no, benefit_item_no,
    cast(sum(case when in_period and kind <> 'recovery' then 1 else 0 end) as integer) as payments,
    cast(sum(case when in_period and kind = 'regular' then amount else 0 end) as decimal(16,2)) as amount,
    cast(sum(case when in_period and kind = 'arrears' then amount else 0 end) as decimal(16,2)) as arrears,
    cast(sum(case when in_period and kind = 'recovery' then amount else 0 end) as decimal(16,2)) as recovered,
    bit_or(case when kind <> 'recovery' then month_bit else 0 end) as paid_months
  from (
    select payment.record_no, payment.benefit_item_no, payment.amount, coalesce(period_month.bit, 0) as month_bit,
      coalesce(payment.kind, 'regular') as kind,
      case
        when payment.paid_on is null
          then payment.period >= reporting.first_month and payment.period <= reporting.last_month
        else payment.paid_on >= reporting.first_day and payment.paid_on <= reporting.last_day
      end as in_period
    from payment left join period_month on period_month.month = payment.period cross join reporting
    where payment.status = 'made'
  ) as made
  where in_period or month_bit > 0
  group by record_no, benefit_item_no
)
select benefit.record_no, benefit.kind, benefit.payer_level, benefit.unit, benefit.amount as rate,
  case
    when on_register.record_no is null or benefit.start_date > reporting.last_day
      or (benefit.suspended_from <= reporting.last_day
        and (benefit.suspended_to is null or benefit.suspended_to >= reporting.last_day)) then 0
    when benefit.unit = 'once' then case when benefit.start_date >= reporting.first_day then 1 else 0 end
    when benefit.end_date is null or benefit.end_date >= reporting.last_day then 1
    else 0
  end as held,
  coalesce(paid.payments, 0) as payments,
  coalesce(paid.amount, 0) as amount,
  coalesce(paid.arrears, 0) as arrears,
  coalesce(paid.recovered, 0) as recovered,
  due.due_months,
  due.unpaid_months
from benefit
join counted on counted.record_no = benefit.record_no
left join on_register on on_register.record_no = benefit.record_no
left join paid on paid.record_no = benefit.record_no and paid.benefit_item_no = benefit.item_no
cross join lateral (
  select cast(count(*) as integer) as due_months, cast(count(unpaid) as integer) as unpaid_months
  from (
    select case when coalesce(paid.paid_months, 0) & period_month.bit = 0 then 1 end as unpaid
    from period_month
    where benefit.unit = 'month' and benefit.start_date <= period_month.first_day
      and (benefit.end_date is null or benefit.end_date >= period_month.last_day)
      and (benefit.suspended_from is null or benefit.suspended_from > period_month.last_day
        or benefit.suspended_to < period_month.first_day)
  ) as due_month
) as due
cross join reporting

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
