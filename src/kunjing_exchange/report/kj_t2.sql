-- Part kind: one row a child and kind from each of: benefits in force, payments, months due and not paid. Part child:
-- one row a child, since who has two benefits is one child.
with held as (
  select benefit.record_no, benefit.kind,
    sum(case when benefit.unit = 'month' and benefit.amount is not null then 1 else 0 end) as rates,
    sum(case when benefit.unit = 'month' then benefit.amount else 0 end) as rate_total
  from benefit join on_register using (record_no) cross join reporting
  where benefit.start_date <= reporting.last_day
    and (benefit.suspended_from is null or benefit.suspended_from > reporting.last_day
      or benefit.suspended_to < reporting.last_day)
    and case
      when benefit.unit = 'once' then benefit.start_date >= reporting.first_day
      else benefit.end_date is null or benefit.end_date >= reporting.last_day
    end
  group by benefit.record_no, benefit.kind
),
paid as (
  select record_no, kind,
    sum(case when payment_kind = 'recovery' then 0 else 1 end) as payments,
    sum(case when payment_kind = 'regular' then amount else 0 end) as amount,
    sum(case when payment_kind = 'arrears' then amount else 0 end) as arrears,
    sum(case when payment_kind = 'recovery' then amount else 0 end) as recovered
  from payment_made
  group by record_no, kind
),
unpaid as (
  select month_due.record_no, month_due.kind, sum(coalesce(month_due.amount, 0)) as unpaid_amount
  from month_due
  left join month_paid
    on month_paid.record_no = month_due.record_no
    and month_paid.benefit_item_no = month_due.item_no
    and month_paid.period = month_due.month
  where month_paid.record_no is null
  group by month_due.record_no, month_due.kind
)
select record_no, 'kind' as part, kind, 1 as children, rates, rate_total, 0 as payments, 0 as amount, 0 as arrears,
  0 as recovered, 0 as unpaid_children, 0 as unpaid_amount
from held
union all
select record_no, 'kind', kind, 0, 0, 0, payments, amount, arrears, recovered, 0, 0
from paid
union all
select record_no, 'kind', kind, 0, 0, 0, 0, 0, 0, 0, 1, unpaid_amount
from unpaid
union all
select distinct record_no, 'child', null, 1, 0, 0, 0, 0, 0, 0, 0, 0
from held
union all
select distinct record_no, 'child', null, 0, 0, 0, 0, 0, 0, 0, 1, 0
from unpaid
