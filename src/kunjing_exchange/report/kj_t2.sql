-- Part kind: one row a benefit with what adds up, and one a child and kind of benefit, since who has two of a kind is
-- one child. Part child: one row a child, since who has two benefits is one child.
with had as (
  select record_no, kind, held, case when unpaid_months > 0 then 1 else 0 end as unpaid
  from benefit_account
  where held = 1 or unpaid_months > 0
)
select record_no, 'kind' as part, kind, 0 as children,
  case when held = 1 and unit = 'month' and rate is not null then 1 else 0 end as rates,
  case when held = 1 and unit = 'month' then rate else 0 end as rate_total,
  payments, amount, arrears, recovered, 0 as unpaid_children, coalesce(rate, 0) * unpaid_months as unpaid_amount
from benefit_account
union all
select record_no, 'kind', kind, max(held), 0, 0, 0, 0, 0, 0, max(unpaid), 0
from had
group by record_no, kind
union all
select record_no, 'child', null, max(held), 0, 0, 0, 0, 0, 0, max(unpaid), 0
from had
group by record_no
