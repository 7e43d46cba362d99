-- Part child: one row a child. Part payment: one row a benefit. Part service: one row a
-- child and kind of service.
with assisted as (
  select distinct benefit.record_no
  from benefit cross join reporting
  where benefit.kind = 'medical_assistance' and benefit.start_date <= reporting.last_day
    and (extract(year from benefit.start_date) = reporting.year
      or (benefit.unit <> 'once' and (benefit.end_date is null or extract(year from benefit.end_date) >= reporting.year)))
),
used as (
  select service.record_no, service.kind,
    max(case
      when service.start_date <= reporting.last_day
        and (service.end_date is null or service.end_date >= reporting.first_day) then 1
      else 0
    end) as served,
    max(case
      when service.waiting_since <= reporting.last_day
        and (service.start_date is null or service.start_date > reporting.last_day)
        and (service.end_date is null or service.end_date > reporting.last_day) then 1
      else 0
    end) as waiting
  from service cross join reporting
  group by service.record_no, service.kind
)
select
  child_now.record_no,
  'child' as part,
  case when insured_now.record_no is not null then 'yes' else 'no' end as insured,
  substr(insured_now.subsidy, 2) as subsidy,
  case when assisted.record_no is not null then 'yes' else 'no' end as assisted,
  null as kind,
  1 as children,
  coalesce(insured_now.serious_illness, 0) as serious_illness,
  coalesce(insured_now.supplementary, 0) as supplementary,
  0 as amount,
  0 as served,
  0 as served_young,
  0 as waiting
from child_now
left join insured_now using (record_no)
left join assisted using (record_no)
union all
select record_no, 'payment', null, null, null, null, 0, 0, 0,
  amount + arrears - recovered, 0, 0, 0
from benefit_account
where kind = 'medical_assistance'
union all
select child_now.record_no, 'service', null, null, null, used.kind, 0, 0, 0, 0, used.served,
  case when child_now.age < edition.rehabilitation_age_limit then used.served else 0 end, used.waiting
from child_now join used using (record_no) cross join edition
