-- rule: KJ-MED-001
-- title: 特困儿童参保没有全额资助 | The premium of a destitute child is not paid in full
-- message: 特困儿童参保没有全额资助（{title}为{found}，应为{expected}） | The premium of a destitute child is not paid in full ({name} is {found}, expected {expected})
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
-- message: 低保家庭儿童或重残儿童参保没有补贴（{title}为{found}，应为{expected}） | No premium subsidy for a child of a minimum-living household or with a severe disability ({name} is {found}, expected {expected})
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
-- message: 参保年度早于出生年份（{title}为{found}，不应早于{expected}） | The year of insurance is before the year of birth ({name} is {found}, not before {expected})
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
-- message: 资助金额超过个人缴费标准（{title}为{found}，不应超过{expected}） | The subsidy is more than the premium ({name} is {found}, at most {expected})
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
-- message: 全额资助的金额少于个人缴费标准（{title}为{found}，不应早于{expected}） | Subsidised in full with less than the premium ({name} is {found}, not before {expected})
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

-- rule: KJ-MED-006
-- title: 同一险种同一年度参保两次 | Insured twice in a year by the same insurance
-- message: 同一险种同一年度参保两次（{title}：{found}） | Insured twice in a year by the same insurance ({name}: {found})
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: insurance.year, insurance.insurance_type
-- fix: 删去重复的参保记录 | Remove the repeated record
select insurance.record_no, insurance.item_no, insurance.year as found, null as expected
from insurance
where
  exists (
    select 1
    from insurance as earlier
    where
      earlier.record_no = insurance.record_no
      and earlier.item_no < insurance.item_no
      and earlier.insurance_type = insurance.insurance_type
      and earlier.year = insurance.year
  );

-- rule: KJ-MED-007
-- title: 参保年度晚于报送截止日期的下一年 | The year of insurance is later than the next year
-- message: 参保年度晚于报送截止日期的下一年（{title}为{found}，不应晚于{expected}） | The year of insurance is later than the next year ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: insurance.year, header.period_end
-- fix: 核对参保年度 | Check the year
select
  insurance.record_no,
  insurance.item_no,
  insurance.year as found,
  cast(extract(year from header.period_end) + 1 as varchar) as expected
from insurance
cross join header
where insurance.year > cast(extract(year from header.period_end) + 1 as varchar);

-- rule: KJ-MED-008
-- title: 停保日期早于参保日期 | An insurance ends before it starts
-- message: 停保日期早于参保日期（{title}为{found}，不应早于{expected}） | An insurance ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: record · fields: insurance.end_date, insurance.start_date
-- fix: 核对前后两个日期 | Check both dates
select insurance.record_no, insurance.item_no, insurance.end_date as found, insurance.start_date as expected
from insurance
where insurance.end_date < insurance.start_date;

-- rule: KJ-MED-009
-- title: 疾病确诊日期早于出生日期 | An illness was diagnosed before the birth
-- message: 疾病确诊日期早于出生日期（{title}为{found}，不应早于{expected}） | An illness was diagnosed before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: record · fields: illness.diagnosis_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select illness.record_no, illness.item_no, illness.diagnosis_date as found, child.birth_date as expected
from illness
join child using (record_no)
where illness.diagnosis_date < child.birth_date;

-- rule: KJ-MED-010
-- title: 疾病确诊日期晚于报送截止日期 | An illness was diagnosed after the day of the submission
-- message: 疾病确诊日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | An illness was diagnosed after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: none · fields: illness.diagnosis_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select illness.record_no, illness.item_no, illness.diagnosis_date as found, header.period_end as expected
from illness
cross join header
where illness.diagnosis_date > header.period_end;

-- rule: KJ-MED-011
-- title: 治愈日期早于确诊日期 | Recovered before the diagnosis
-- message: 治愈日期早于确诊日期（{title}为{found}，不应早于{expected}） | Recovered before the diagnosis ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: record · fields: illness.end_date, illness.diagnosis_date
-- fix: 核对前后两个日期 | Check both dates
select illness.record_no, illness.item_no, illness.end_date as found, illness.diagnosis_date as expected
from illness
where illness.end_date < illness.diagnosis_date;

-- rule: KJ-MED-012
-- title: 未资助，却有资助金额 | No subsidy, yet an amount is subsidised
-- message: 未资助，却有资助金额（{title}为{found}，应为{expected}） | No subsidy, yet an amount is subsidised ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: record · fields: insurance.subsidised_amount, insurance.premium_subsidy
-- fix: 核对资助方式和资助金额 | Check the kind of subsidy and the amount
select insurance.record_no, insurance.item_no, insurance.subsidised_amount as found, 0 as expected
from insurance
where insurance.premium_subsidy = 'none' and insurance.subsidised_amount > 0;

-- rule: KJ-MED-013
-- title: 部分资助的资助金额为零 | Subsidised in part with nothing
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: insurance.subsidised_amount, insurance.premium_subsidy
-- fix: 核对资助方式和资助金额 | Check the kind of subsidy and the amount
select insurance.record_no, insurance.item_no, insurance.subsidised_amount as found, null as expected
from insurance
where insurance.premium_subsidy = 'part' and insurance.subsidised_amount = 0;

-- rule: KJ-MED-014
-- title: 已认定在册，却没有医保记录 | Recognised and open without a record of insurance
-- source: 豫政办〔2017〕47号 五(二)
-- scope: record · effect: none · fields: determination.category, case_file.status, determination.end_date, determination.scheme, determination.start_date, header.period_end
-- fix: 补录参保情况；未参保的协助参保 | Record the insurance, or help the child to be insured
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status = 'open'
  and determination.scheme = edition.scheme
  and determination.category in ('A', 'B', 'C', 'D')
  and determination.start_date <= header.period_end
  and coalesce(determination.end_date >= header.period_end, true)
  and not exists (select 1 from insurance where insurance.record_no = determination.record_no);

-- rule: KJ-MED-015
-- title: 重病重残儿童没有提高报销比例 | The reimbursement ratio of a severely ill child was not raised
-- source: 豫政办〔2017〕47号 五(二) 适当提高报销比例和封顶线
-- scope: record · effect: none · fields: insurance.ratio_raised, determination.category, determination.end_date, determination.scheme, determination.start_date, header.period_end, insurance.year
-- fix: 落实医疗保障政策；不符合条件的不必处理 | Grant it; nothing to do where the conditions are not met
select insurance.record_no, insurance.item_no, insurance.ratio_raised as found, true as expected
from insurance
cross join header
cross join edition
where
  insurance.ratio_raised = false
  and insurance.year = substr(cast(header.period_end as varchar), 1, 4)
  and exists (
    select 1
    from determination
    where
      determination.record_no = insurance.record_no
      and determination.scheme = edition.scheme
      and determination.category in ('C')
      and determination.start_date <= header.period_end
      and coalesce(determination.end_date >= header.period_end, true)
  );

-- rule: KJ-MED-016
-- title: 特困、重病重残或贫困家庭儿童没有纳入大病补充医疗保险 | Not covered by the supplementary insurance against serious illness
-- source: 豫政办〔2017〕47号 五(二) 困难群众大病补充医疗保险
-- scope: record · effect: none · fields: insurance.supplementary, determination.category, determination.end_date, determination.scheme, determination.start_date, header.period_end, insurance.year
-- fix: 落实医疗保障政策；不符合条件的不必处理 | Grant it; nothing to do where the conditions are not met
select insurance.record_no, insurance.item_no, insurance.supplementary as found, true as expected
from insurance
cross join header
cross join edition
where
  insurance.supplementary = false
  and insurance.year = substr(cast(header.period_end as varchar), 1, 4)
  and exists (
    select 1
    from determination
    where
      determination.record_no = insurance.record_no
      and determination.scheme = edition.scheme
      and determination.category in ('B', 'C', 'D')
      and determination.start_date <= header.period_end
      and coalesce(determination.end_date >= header.period_end, true)
  );
