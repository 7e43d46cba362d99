-- rule: KJ-BEN-001
-- title: 重复享受：同一时间有两项基本生活保障待遇 | Two exclusive subsistence benefits at the same time
-- message: 重复享受：同一时间有两项基本生活保障待遇（{title}：{found}） | Two exclusive subsistence benefits at the same time ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)末款 择高享受,不得重复享受
-- scope: record · effect: record · fields: benefit.kind, benefit.end_date, benefit.start_date
-- fix: 择高保留一项，终止另一项并追回多发的 | Keep the higher one, end the other and recover what was overpaid
select benefit.record_no, benefit.item_no, benefit.kind as found, null as expected
from benefit
where
  benefit.kind in ('orphan_allowance', 'hiv_allowance', 'destitute_support', 'minimum_living', 'institution_allowance')
  and exists (
    select 1
    from benefit as earlier
    where
      earlier.record_no = benefit.record_no
      and earlier.item_no < benefit.item_no
      and earlier.kind in (
        'orphan_allowance', 'hiv_allowance', 'destitute_support', 'minimum_living', 'institution_allowance'
      )
      and earlier.start_date <= coalesce(benefit.end_date, date '9999-12-31')
      and benefit.start_date <= coalesce(earlier.end_date, date '9999-12-31')
  );

-- rule: KJ-BEN-002
-- title: 待遇终止日期早于起始日期 | A benefit ends before it starts
-- message: 待遇终止日期早于起始日期（{title}为{found}，不应早于{expected}） | A benefit ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.end_date, benefit.start_date
-- fix: 核对起止日期 | Check both dates
select benefit.record_no, benefit.item_no, benefit.end_date as found, benefit.start_date as expected
from benefit
where benefit.end_date < benefit.start_date;

-- rule: KJ-BEN-003
-- title: 停发终止日期早于停发起始日期 | A suspension ends before it starts
-- message: 停发终止日期早于停发起始日期（{title}为{found}，不应早于{expected}） | A suspension ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.suspended_to, benefit.suspended_from
-- fix: 核对停发起止日期 | Check both dates
select benefit.record_no, benefit.item_no, benefit.suspended_to as found, benefit.suspended_from as expected
from benefit
where benefit.suspended_to < benefit.suspended_from;

-- rule: KJ-BEN-004
-- title: 待遇起始日期早于出生日期 | A benefit starts before the child was born
-- message: 待遇起始日期早于出生日期（{title}为{found}，不应早于{expected}） | A benefit starts before the child was born ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.start_date, child.birth_date
-- fix: 核对出生日期和起始日期 | Check the birth date and the start date
select benefit.record_no, benefit.item_no, benefit.start_date as found, child.birth_date as expected
from benefit
join child using (record_no)
where benefit.start_date < child.birth_date;

-- rule: KJ-BEN-005
-- title: 结案以后仍发放待遇 | Paid for a month after the file was closed
-- message: 结案以后仍发放待遇（{title}为{found}，不应晚于{expected}） | Paid for a month after the file was closed ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: payment.period, case_file.closed_on, case_file.opened_on, case_file.status, child.death_date, payment.kind, payment.status
-- fix: 核对结案日期；多发的登记追缴 | Check the day of closing; record the recovery
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.period as found,
  substr(cast(case_file.closed_on as varchar), 1, 7) as expected
from payment
join case_file using (record_no)
join child using (record_no)
where
  coalesce(payment.kind, 'regular') = 'regular'
  and payment.status = 'made'
  and case_file.status = 'closed'
  and case_file.closed_on >= case_file.opened_on
  and child.death_date is null
  and payment.period > substr(cast(case_file.closed_on as varchar), 1, 7);

-- rule: KJ-BEN-006
-- title: 儿童死亡以后仍发放待遇 | Paid for a month after the child's death
-- message: 儿童死亡以后仍发放待遇（{title}为{found}，不应晚于{expected}） | Paid for a month after the child's death ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: payment.period, child.birth_date, child.death_date, payment.kind, payment.status
-- fix: 核对死亡日期；多发的登记追缴 | Check the day of death; record the recovery
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.period as found,
  substr(cast(child.death_date as varchar), 1, 7) as expected
from payment
join child using (record_no)
where
  coalesce(payment.kind, 'regular') = 'regular'
  and payment.status = 'made'
  and coalesce(child.death_date >= child.birth_date, true)
  and payment.period > substr(cast(child.death_date as varchar), 1, 7);

-- rule: KJ-BEN-007
-- title: 同一待遇同一月份正常发放两次 | A month of a benefit is paid twice
-- message: 同一待遇同一月份正常发放两次（{title}：{found}） | A month of a benefit is paid twice ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: record · effect: record · fields: payment.period, payment.kind, payment.status
-- fix: 补发的改为补发；多发的登记追缴 | Mark arrears as such, or record the recovery
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.period as found, null as expected
from payment
where
  coalesce(payment.kind, 'regular') = 'regular'
  and payment.status = 'made'
  and exists (
    select 1
    from payment as earlier
    where
      earlier.record_no = payment.record_no
      and earlier.benefit_item_no = payment.benefit_item_no
      and earlier.item_no < payment.item_no
      and earlier.period = payment.period
      and earlier.status = 'made'
      and coalesce(earlier.kind, 'regular') = 'regular'
  );

-- rule: KJ-BEN-008
-- title: 发放所属月份不在待遇起止期内 | A payment is for a month outside the benefit's term
-- message: 发放所属月份不在待遇起止期内（{title}为{found}，对照{expected}） | A payment is for a month outside the benefit's term ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: payment.period, benefit.end_date, benefit.start_date, benefit.unit, payment.kind
-- fix: 核对所属月份和待遇起止日期 | Check the month and the term
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.period as found,
  case
    when payment.period < substr(cast(benefit.start_date as varchar), 1, 7)
      then substr(cast(benefit.start_date as varchar), 1, 7)
    else substr(cast(benefit.end_date as varchar), 1, 7)
  end as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
where
  benefit.unit = 'month'
  and coalesce(payment.kind, 'regular') = 'regular'
  and (
    payment.period < substr(cast(benefit.start_date as varchar), 1, 7)
    or payment.period > substr(cast(benefit.end_date as varchar), 1, 7)
  );

-- rule: KJ-BEN-009
-- title: 享受孤儿或特困待遇，却没有相应认定 | An orphan's or destitute benefit without the recognition
-- message: 享受孤儿或特困待遇，却没有相应认定（{title}为{found}，应为{expected}） | An orphan's or destitute benefit without the recognition ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一)1、2
-- scope: record · effect: record · fields: benefit.kind, determination.category
-- fix: 核对困境认定；不符合的终止待遇 | Check the recognition, or end the benefit
select
  benefit.record_no,
  benefit.item_no,
  benefit.kind as found,
  case benefit.kind when 'orphan_allowance' then 'A' else 'B' end as expected
from benefit
where
  benefit.kind in ('orphan_allowance', 'destitute_support')
  and exists (select 1 from determination where determination.record_no = benefit.record_no)
  and not exists (
    select 1
    from determination
    where
      determination.record_no = benefit.record_no
      and determination.category = case benefit.kind when 'orphan_allowance' then 'A' else 'B' end
  );

-- rule: KJ-BEN-010
-- title: 享受艾滋病病毒感染儿童待遇，却写明未感染 | The benefit of HIV-infected children for a child that is not infected
-- message: 享受艾滋病病毒感染儿童待遇，却写明未感染（{title}：{found}） | The benefit of HIV-infected children for a child that is not infected ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)1
-- scope: record · effect: record · fields: benefit.kind, circumstances.hiv_infected
-- fix: 核对困难情形和待遇种类 | Check the circumstances and the kind of benefit
select benefit.record_no, benefit.item_no, benefit.kind as found, null as expected
from benefit
join circumstances using (record_no)
where benefit.kind = 'hiv_allowance' and circumstances.hiv_infected = false;

-- rule: KJ-BEN-011
-- title: 应享未享：在册且已认定，却没有基本生活保障待遇 | Recognised and open, but without any subsistence benefit
-- source: 豫政办〔2017〕47号 五(一) 应保尽保
-- scope: record · effect: none · fields: determination.category, benefit.end_date, benefit.kind, case_file.status, determination.end_date, determination.scheme, determination.start_date, header.period_end, protection_gap.field
-- fix: 办理待遇；确不符合的在未保障中写明原因 | Grant the benefit, or give the reason under the protection gaps
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
  and not exists (
    select 1
    from benefit
    where
      benefit.record_no = determination.record_no
      and benefit.kind in (
        'orphan_allowance', 'hiv_allowance', 'destitute_support', 'minimum_living', 'institution_allowance',
        'unattended_allowance'
      )
      and coalesce(benefit.end_date >= header.period_end, true)
  )
  and not exists (
    select 1
    from protection_gap
    where protection_gap.record_no = determination.record_no and protection_gap.field = 'basic_life'
  );

-- rule: KJ-BEN-012
-- title: 建档立卡儿童的教育补助与规定标准不同 | An education amount of a registered-poor child differs from the standard
-- message: 建档立卡儿童的教育补助与规定标准不同（{title}为{found}，应为{expected}） | An education amount of a registered-poor child differs from the standard ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: benefit.amount, benefit.kind, benefit.start_date, benefit.unit, household_hardship.end_date, household_hardship.kind, household_hardship.start_date, schooling.end_date, schooling.stage
-- fix: 核对补助标准 | Check the rate
select
  benefit.record_no,
  benefit.item_no,
  benefit.amount as found,
  case
    when benefit.kind = 'preschool_care_fee' then edition.preschool_care_fee
    when benefit.kind = 'preschool_living' then edition.preschool_living
    when benefit.kind = 'compulsory_living' and present_stage.stage = 'primary' then edition.compulsory_living_primary
    when benefit.kind = 'compulsory_living' and present_stage.stage = 'junior' then edition.compulsory_living_junior
    when benefit.kind = 'senior_grant' then edition.senior_grant
    when benefit.kind = 'vocational_grant' then edition.vocational_grant
    when benefit.kind = 'rain_dew' then edition.rain_dew
  end as expected
from benefit
left join (
  select schooling.record_no, min(schooling.stage) as stage
  from schooling
  where schooling.end_date is null
  group by schooling.record_no
  having count(*) = 1
) as present_stage using (record_no)
cross join edition
where
  benefit.unit = 'year'
  and benefit.start_date >= edition.free_education_from
  and exists (
    select 1
    from household_hardship
    where
      household_hardship.record_no = benefit.record_no
      and household_hardship.kind = 'registered_poor'
      and household_hardship.start_date <= benefit.start_date
      and coalesce(household_hardship.end_date >= benefit.start_date, true)
  )
  and benefit.amount <> case
    when benefit.kind = 'preschool_care_fee' then edition.preschool_care_fee
    when benefit.kind = 'preschool_living' then edition.preschool_living
    when benefit.kind = 'compulsory_living' and present_stage.stage = 'primary' then edition.compulsory_living_primary
    when benefit.kind = 'compulsory_living' and present_stage.stage = 'junior' then edition.compulsory_living_junior
    when benefit.kind = 'senior_grant' then edition.senior_grant
    when benefit.kind = 'vocational_grant' then edition.vocational_grant
    when benefit.kind = 'rain_dew' then edition.rain_dew
  end;

-- rule: KJ-BEN-013
-- title: 学前补助或普通高中免费早于规定的起始学期 | A preschool subsidy or free senior schooling before the term it begins
-- message: 学前补助或普通高中免费早于规定的起始学期（{title}为{found}，不应早于{expected}） | A preschool subsidy or free senior schooling before the term it begins ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(三) 自2017年秋季学期起
-- scope: record · effect: none · fields: benefit.start_date, benefit.kind
-- fix: 核对起始日期和政策依据 | Check the date and the ground
select benefit.record_no, benefit.item_no, benefit.start_date as found, edition.free_education_from as expected
from benefit
cross join edition
where
  benefit.kind in ('preschool_care_fee', 'preschool_living', 'senior_fee_waiver')
  and benefit.start_date < edition.free_education_from;

-- rule: KJ-BEN-014
-- title: 待遇的资金来源与规定不同 | The benefit is paid from another fund than the policy names
-- message: 待遇的资金来源与规定不同（{title}为{found}，应为{expected}） | The benefit is paid from another fund than the policy names ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一)3、5
-- scope: record · effect: none · fields: benefit.fund, benefit.kind
-- fix: 核对资金来源 | Check the fund
select
  benefit.record_no,
  benefit.item_no,
  benefit.fund as found,
  case benefit.kind when 'minimum_living' then 'hardship_fund' else 'local_budget' end as expected
from benefit
where
  (benefit.kind = 'minimum_living' and benefit.fund <> 'hardship_fund')
  or (benefit.kind = 'institution_allowance' and benefit.fund <> 'local_budget');

-- rule: KJ-BEN-015
-- title: 档案已结案而待遇未终止 | The file is closed and the benefit goes on
-- message: 档案已结案而待遇未终止（{title}为{found}，不应晚于{expected}） | The file is closed and the benefit goes on ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: benefit.end_date, benefit.unit, case_file.closed_on, case_file.opened_on, case_file.status
-- fix: 填写待遇终止日期 | End the benefit
select benefit.record_no, benefit.item_no, benefit.end_date as found, case_file.closed_on as expected
from benefit
join case_file using (record_no)
where
  case_file.status = 'closed'
  and case_file.closed_on >= case_file.opened_on
  and benefit.unit = 'month'
  and coalesce(
    substr(cast(benefit.end_date as varchar), 1, 7) > substr(cast(case_file.closed_on as varchar), 1, 7),
    benefit.end_date is null
  );

-- rule: KJ-BEN-016
-- title: 待遇起始日期晚于报送截止日期 | A benefit starts after the day of the submission
-- message: 待遇起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A benefit starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: benefit.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select benefit.record_no, benefit.item_no, benefit.start_date as found, header.period_end as expected
from benefit
cross join header
where benefit.start_date > header.period_end;

-- rule: KJ-BEN-017
-- title: 已发放的所属月份晚于报送截止日期 | Paid for a month after the submission
-- message: 已发放的所属月份晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Paid for a month after the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: payment.period, case_file.status, header.period_end, payment.status
-- fix: 核对所属月份 | Check the month
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.period as found,
  substr(cast(header.period_end as varchar), 1, 7) as expected
from payment
join case_file using (record_no)
cross join header
where
  case_file.status <> 'closed'
  and payment.status = 'made'
  and payment.period > substr(cast(header.period_end as varchar), 1, 7);

-- rule: KJ-BEN-018
-- title: 发放日期晚于报送截止日期 | Paid after the day of the submission
-- message: 发放日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Paid after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: payment.paid_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.paid_on as found,
  header.period_end as expected
from payment
cross join header
where payment.paid_on > header.period_end;

-- rule: KJ-BEN-019
-- title: 发放日期早于待遇起始日期 | Paid before the benefit starts
-- message: 发放日期早于待遇起始日期（{title}为{found}，不应早于{expected}） | Paid before the benefit starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: payment.paid_on, benefit.start_date
-- fix: 核对发放日期和起始日期 | Check both dates
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.paid_on as found,
  benefit.start_date as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
where payment.paid_on < benefit.start_date;

-- rule: KJ-BEN-020
-- title: 发放被退回没有写明原因 | A payment was returned without the reason
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: payment.return_reason, payment.status
-- fix: 补填退回原因 | Give the reason
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.return_reason as found, null as expected
from payment
where payment.status = 'returned' and payment.return_reason is null;

-- rule: KJ-BEN-021
-- title: 发放被退回以后没有补发 | A payment was returned and never paid again
-- message: 发放被退回以后没有补发（{title}：{found}） | A payment was returned and never paid again ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应保尽保
-- scope: record · effect: none · fields: payment.period, payment.return_reason, payment.status
-- fix: 补发，并登记 | Pay the arrears, and record it
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.period as found, null as expected
from payment
where
  payment.status = 'returned'
  and payment.return_reason is not null
  and not exists (
    select 1
    from payment as again
    where
      again.record_no = payment.record_no
      and again.benefit_item_no = payment.benefit_item_no
      and again.period = payment.period
      and again.status in ('made', 'planned')
  );

-- rule: KJ-BEN-022
-- title: 追缴合计超过已发放合计 | More was recovered than was paid
-- message: 追缴合计超过已发放合计（{title}为{found}，不应超过{expected}） | More was recovered than was paid ({name} is {found}, at most {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: none · fields: benefit.kind, payment.amount, payment.kind, payment.status
-- fix: 核对追缴金额 | Check the amounts recovered
select
  benefit.record_no,
  benefit.item_no,
  sum(case when payment.kind = 'recovery' then payment.amount else 0 end) as found,
  sum(case when payment.kind = 'recovery' then 0 else payment.amount end) as expected
from benefit
join payment on payment.record_no = benefit.record_no and payment.benefit_item_no = benefit.item_no
where payment.status = 'made' and benefit.kind is not null
group by benefit.record_no, benefit.item_no
having
  sum(case when payment.kind = 'recovery' then payment.amount else 0 end)
  > sum(case when payment.kind = 'recovery' then 0 else payment.amount end);

-- rule: KJ-BEN-023
-- title: 按月发放的金额与标准不同 | A monthly payment differs from the rate
-- message: 按月发放的金额与标准不同（{title}为{found}，应为{expected}） | A monthly payment differs from the rate ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: payment.amount, benefit.amount, benefit.unit, payment.kind, payment.status
-- fix: 核对发放金额和标准金额；标准调整的另起一项待遇 | Check amount and rate; a new rate is a new benefit
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.amount as found,
  benefit.amount as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
where
  benefit.unit = 'month'
  and payment.status = 'made'
  and coalesce(payment.kind, 'regular') = 'regular'
  and payment.amount <> benefit.amount;

-- rule: KJ-BEN-024
-- title: 正常发放和补发合计超过当月标准 | Regular payment and arrears of a month come to more than the rate
-- message: 正常发放和补发合计超过当月标准（{title}为{found}，不应超过{expected}） | Regular payment and arrears of a month come to more than the rate ({name} is {found}, at most {expected})
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: record · effect: none · fields: payment.amount, benefit.amount, benefit.unit, payment.kind, payment.period, payment.status
-- fix: 核对补发的所属月份和金额 | Check month and amount of the arrears
select
  payment.record_no,
  payment.benefit_item_no,
  payment.item_no,
  payment.amount + regular.amount as found,
  benefit.amount as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join payment as regular
  on
    regular.record_no = payment.record_no
    and regular.benefit_item_no = payment.benefit_item_no
    and regular.period = payment.period
where
  benefit.unit = 'month'
  and payment.kind = 'arrears'
  and payment.status = 'made'
  and regular.status = 'made'
  and coalesce(regular.kind, 'regular') = 'regular'
  and payment.amount + regular.amount > benefit.amount;

-- rule: KJ-BEN-025
-- title: 停发期间仍正常发放 | Paid for a month of the suspension
-- message: 停发期间仍正常发放（{title}：{found}） | Paid for a month of the suspension ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: payment.period, benefit.suspended_from, benefit.suspended_to, benefit.unit, payment.kind, payment.status
-- fix: 核对停发起止日期；多发的登记追缴 | Check the suspension; record the recovery
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.period as found, null as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
where
  benefit.unit = 'month'
  and coalesce(payment.kind, 'regular') = 'regular'
  and payment.status = 'made'
  and payment.period > substr(cast(benefit.suspended_from as varchar), 1, 7)
  and coalesce(payment.period < substr(cast(benefit.suspended_to as varchar), 1, 7), benefit.suspended_to is null);

-- rule: KJ-BEN-026
-- title: 停发早于待遇起始日期 | Suspended before the benefit starts
-- message: 停发早于待遇起始日期（{title}为{found}，不应早于{expected}） | Suspended before the benefit starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.suspended_from, benefit.start_date
-- fix: 核对前后两个日期 | Check both dates
select benefit.record_no, benefit.item_no, benefit.suspended_from as found, benefit.start_date as expected
from benefit
where benefit.suspended_from < benefit.start_date;

-- rule: KJ-BEN-027
-- title: 享受重度残疾人护理补贴，却没有一级或二级残疾 | The nursing subsidy for severe disability without grade 1 or 2
-- message: 享受重度残疾人护理补贴，却没有一级或二级残疾（{title}：{found}） | The nursing subsidy for severe disability without grade 1 or 2 ({name}: {found})
-- source: 豫政办〔2017〕47号 二 残疾人两项补贴
-- scope: record · effect: none · fields: benefit.kind, benefit.end_date, disability.disability_grade
-- fix: 核对残疾等级；不符合的终止待遇 | Check the grade, or end the benefit
select benefit.record_no, benefit.item_no, benefit.kind as found, null as expected
from benefit
cross join edition
where
  benefit.kind = 'disability_nursing_subsidy'
  and benefit.end_date is null
  and not exists (
    select 1
    from disability
    where
      disability.record_no = benefit.record_no
      and coalesce(cast(disability.disability_grade as integer) <= edition.disability_grade_limit, true)
  );

-- rule: KJ-BEN-028
-- title: 教育补助与学段不符 | The education benefit is of another stage of schooling
-- message: 教育补助与学段不符（{title}为{found}，对照{expected}） | The education benefit is of another stage of schooling ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: benefit.kind, benefit.end_date, benefit.start_date, schooling.end_date, schooling.stage
-- fix: 核对待遇种类和学段 | Check the benefit and the stage
select benefit.record_no, benefit.item_no, benefit.kind as found, present_stage.stage as expected
from benefit
join (
  select schooling.record_no, min(schooling.stage) as stage
  from schooling
  where schooling.end_date is null
  group by schooling.record_no
  having count(*) = 1
) as present_stage using (record_no)
cross join edition
where
  benefit.start_date >= edition.free_education_from
  and benefit.end_date is null
  and present_stage.stage not in ('special', 'higher')
  and present_stage.stage not in (
    case
      when benefit.kind in ('preschool_care_fee', 'preschool_living') then 'preschool'
      when benefit.kind = 'compulsory_living' then 'primary'
      when benefit.kind = 'senior_grant' then 'senior'
      when benefit.kind in ('vocational_grant', 'rain_dew') then 'vocational'
    end,
    case
      when benefit.kind in ('preschool_care_fee', 'preschool_living') then 'preschool'
      when benefit.kind = 'compulsory_living' then 'junior'
      when benefit.kind = 'senior_grant' then 'senior'
      when benefit.kind in ('vocational_grant', 'rain_dew') then 'vocational'
    end
  );

-- rule: KJ-BEN-029
-- title: 孤儿或艾滋病病毒感染儿童待遇的资金来源与规定不同 | An orphan's or HIV benefit is paid from another fund than the policy names
-- message: 孤儿或艾滋病病毒感染儿童待遇的资金来源与规定不同（{title}为{found}，应为{expected}） | An orphan's or HIV benefit is paid from another fund than the policy names ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一)1 从原经费渠道解决
-- scope: record · effect: none · fields: benefit.fund, benefit.kind
-- fix: 核对资金来源 | Check the fund
select benefit.record_no, benefit.item_no, benefit.fund as found, 'orphan_fund' as expected
from benefit
where benefit.kind in ('orphan_allowance', 'hiv_allowance') and benefit.fund <> 'orphan_fund';

-- rule: KJ-BEN-030
-- title: 享受机构收留抚养待遇，却不由机构照料 | The institutional allowance for a child that no institution cares for
-- message: 享受机构收留抚养待遇，却不由机构照料（{title}：{found}） | The institutional allowance for a child that no institution cares for ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)5
-- scope: record · effect: none · fields: benefit.kind, benefit.end_date, care_arrangement.end_date, care_arrangement.kind
-- fix: 核对待遇种类和安置照料 | Check the benefit and the arrangement
select benefit.record_no, benefit.item_no, benefit.kind as found, null as expected
from benefit
where
  benefit.kind = 'institution_allowance'
  and benefit.end_date is null
  and exists (
    select 1
    from care_arrangement
    where care_arrangement.record_no = benefit.record_no and care_arrangement.end_date is null
  )
  and not exists (
    select 1
    from care_arrangement
    where
      care_arrangement.record_no = benefit.record_no
      and care_arrangement.end_date is null
      and care_arrangement.kind in ('institution', 'temporary_shelter', 'foster_family', 'adoption')
  );

-- rule: KJ-BEN-031
-- title: 待遇标准金额为零 | The rate of a benefit is nought
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: benefit.amount, benefit.kind
-- fix: 核对标准金额；免费项目改用相应待遇种类 | Check the rate
select benefit.record_no, benefit.item_no, benefit.amount as found, null as expected
from benefit
where
  benefit.amount = 0
  and benefit.kind not in ('compulsory_fee_waiver', 'senior_fee_waiver', 'vocational_fee_waiver', 'nutrition_plan');

-- rule: KJ-BEN-032
-- title: 所属月份已过，仍为待发放 | The month is over and the payment still planned
-- message: 所属月份已过，仍为待发放（{title}为{found}，对照{expected}） | The month is over and the payment still planned ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 五(一) 应保尽保
-- scope: record · effect: none · fields: payment.status, header.period_end, payment.period
-- fix: 发放，或登记发放结果 | Pay it, or record what became of it
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.status as found, 'made' as expected
from payment
cross join header
where payment.status = 'planned' and payment.period < substr(cast(header.period_end as varchar), 1, 7);

-- rule: KJ-BEN-033
-- title: 按月待遇中间有月份没有发放 | A month between two payments was not paid
-- message: 按月待遇中间有月份没有发放（{title}为{found}，应为{expected}） | A month between two payments was not paid ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一) 应保尽保
-- scope: record · effect: none · fields: benefit.kind, benefit.end_date, benefit.start_date, benefit.suspended_from, benefit.unit, header.period_end, payment.period
-- fix: 核对漏发的月份；漏发的补发 | Check the month; pay what was left out
select
  paid.record_no,
  paid.benefit_item_no as item_no,
  count(*) as found,
  max(paid.month_no) - min(paid.month_no) + 1 as expected
from (
  select distinct
    payment.record_no,
    payment.benefit_item_no,
    cast(substr(payment.period, 1, 4) as integer) * 12 + cast(substr(payment.period, 6, 2) as integer) as month_no
  from payment
  join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
  cross join header
  where
    benefit.unit = 'month'
    and benefit.kind is not null
    and benefit.suspended_from is null
    and payment.period >= substr(cast(benefit.start_date as varchar), 1, 7)
    and payment.period <= substr(cast(coalesce(benefit.end_date, header.period_end) as varchar), 1, 7)
    and payment.period <= substr(cast(header.period_end as varchar), 1, 7)
) as paid
group by paid.record_no, paid.benefit_item_no
having count(*) < max(paid.month_no) - min(paid.month_no) + 1;

-- rule: KJ-BEN-034
-- title: 写明基本生活未保障，却有基本生活保障待遇 | Basic living is said to be without protection, yet there is a subsistence benefit
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: protection_gap.field, benefit.end_date, benefit.kind, case_file.status
-- fix: 删去未保障，或核对待遇 | Remove the gap, or check the benefit
select protection_gap.record_no, protection_gap.item_no, protection_gap.field as found, null as expected
from protection_gap
join case_file using (record_no)
where
  case_file.status = 'open'
  and protection_gap.field = 'basic_life'
  and exists (
    select 1
    from benefit
    where
      benefit.record_no = protection_gap.record_no
      and benefit.end_date is null
      and benefit.kind in (
        'orphan_allowance', 'hiv_allowance', 'destitute_support', 'minimum_living', 'institution_allowance'
      )
  );

-- rule: KJ-BEN-035
-- title: 临时救助不是一次性待遇 | Temporary assistance is not granted once
-- source: 豫政办〔2017〕47号 五(一)4
-- scope: record · effect: none · fields: benefit.unit, benefit.kind
-- fix: 临时救助按次审批；持续困难的改报相应保障 | It is granted case by case; lasting hardship belongs to another benefit
select benefit.record_no, benefit.item_no, benefit.unit as found, 'once' as expected
from benefit
where
  benefit.kind = 'temporary_assistance'
  and benefit.unit <> 'once';
