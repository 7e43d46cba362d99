-- One row a child.
select record_no, sex, case when age >= 18 then '18' else cast(age as varchar) end as age_year, 1 as children
from child_now
