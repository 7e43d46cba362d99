-- rule: KJ-MED-001
-- title: 特困儿童参保没有全额资助 | The premium of a destitute child is not paid in full
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: insurance.premium_subsidy, determination.category, determination.end_date, determination.scheme, determination.start_date, header.period_end, insurance.insurance_type, insurance.year
-- fix: 改为全额资助，或改正认定 | Pay it in full, or correct the recognition
select insurance.record_no, insurance.item_no, insurance.premium_subsidy as found, 'full' as expected
from insurance
cross join header
cross join edition
where
  insurance.insurance_type = '390'
  and insurance.year = substr(cast(header.period_end as varchar), 1, 4)
  and insurance.premium_subsidy in ('part', 'none')
  and exists (
    select 1
    from determination
    where
      determination.record_no = insurance.record_no
      and determination.scheme = edition.scheme
      and determination.category = 'B'
      and determination.start_date <= header.period_end
      and coalesce(determination.end_date >= header.period_end, true)
  );

-- rule: KJ-MED-002
-- title: 低保家庭儿童或重残儿童参保没有补贴 | No premium subsidy for a child of a minimum-living household or with a severe disability
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: insurance.premium_subsidy, disability.disability_grade, header.period_end, household_hardship.end_date, household_hardship.kind, household_hardship.start_date, insurance.insurance_type, insurance.year
-- fix: 落实个人缴费补贴 | Subsidise the premium
select insurance.record_no, insurance.item_no, insurance.premium_subsidy as found, 'part' as expected
from insurance
cross join header
cross join edition
where
  insurance.insurance_type = '390'
  and insurance.year = substr(cast(header.period_end as varchar), 1, 4)
  and insurance.premium_subsidy = 'none'
  and (
    exists (
      select 1
      from household_hardship
      where
        household_hardship.record_no = insurance.record_no
        and household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living')
        and household_hardship.start_date <= header.period_end
        and coalesce(household_hardship.end_date >= header.period_end, true)
    )
    or exists (
      select 1
      from disability
      where
        disability.record_no = insurance.record_no
        and cast(disability.disability_grade as integer) <= edition.disability_grade_limit
    )
  );

-- rule: KJ-MED-003
-- title: 参保年度早于出生年份 | The year of insurance is before the year of birth
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: record · fields: insurance.year, child.birth_date
-- fix: 核对参保年度 | Check the year
select
  insurance.record_no,
  insurance.item_no,
  insurance.year as found,
  substr(cast(child.birth_date as varchar), 1, 4) as expected
from insurance
join child using (record_no)
where insurance.year < substr(cast(child.birth_date as varchar), 1, 4);

-- rule: KJ-MED-004
-- title: 资助金额超过个人缴费标准 | The subsidy is more than the premium
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: record · fields: insurance.subsidised_amount, insurance.premium_amount
-- fix: 核对资助金额 | Check the amount
select
  insurance.record_no,
  insurance.item_no,
  insurance.subsidised_amount as found,
  insurance.premium_amount as expected
from insurance
where insurance.subsidised_amount > insurance.premium_amount;

-- rule: KJ-MED-005
-- title: 全额资助的金额少于个人缴费标准 | Subsidised in full with less than the premium
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: record · fields: insurance.subsidised_amount, insurance.premium_amount, insurance.premium_subsidy
-- fix: 核对资助金额和资助方式 | Check the amount and the kind of subsidy
select
  insurance.record_no,
  insurance.item_no,
  insurance.subsidised_amount as found,
  insurance.premium_amount as expected
from insurance
where insurance.premium_subsidy = 'full' and insurance.subsidised_amount < insurance.premium_amount;
