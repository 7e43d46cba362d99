-- Part kind: one row a child and kind of benefit. Part child: one row a child, since who has two benefits is one child.
with by_kind as (
  select record_no, kind,
    max(held) as children,
    sum(case when held = 1 and unit = 'month' and rate is not null then 1 else 0 end) as rates,
    sum(case when held = 1 and unit = 'month' then rate else 0 end) as rate_total,
    sum(payments) as payments,
    sum(amount) as amount,
    sum(arrears) as arrears,
    sum(recovered) as recovered,
    max(case when unpaid_months > 0 then 1 else 0 end) as unpaid_children,
    sum(coalesce(rate, 0) * unpaid_months) as unpaid_amount
  from benefit_account
  group by record_no, kind
)
select record_no, 'kind' as part, kind, children, rates, rate_total, payments, amount, arrears, recovered,
  unpaid_children, unpaid_amount
from by_kind
union all
select record_no, 'child', null, max(children), 0, 0, 0, 0, 0, 0, max(unpaid_children), 0
from by_kind
group by record_no
