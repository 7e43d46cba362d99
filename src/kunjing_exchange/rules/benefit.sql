-- rule: KJ-BEN-001
-- title: 重复享受：同一时间有两项基本生活保障待遇 | Two exclusive subsistence benefits at the same time
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
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.end_date, benefit.start_date
-- fix: 核对起止日期 | Check both dates
select benefit.record_no, benefit.item_no, benefit.end_date as found, benefit.start_date as expected
from benefit
where benefit.end_date < benefit.start_date;

-- rule: KJ-BEN-003
-- title: 停发终止日期早于停发起始日期 | A suspension ends before it starts
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.suspended_to, benefit.suspended_from
-- fix: 核对停发起止日期 | Check both dates
select benefit.record_no, benefit.item_no, benefit.suspended_to as found, benefit.suspended_from as expected
from benefit
where benefit.suspended_to < benefit.suspended_from;

-- rule: KJ-BEN-004
-- title: 待遇起始日期早于出生日期 | A benefit starts before the child was born
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: benefit.start_date, child.birth_date
-- fix: 核对出生日期和起始日期 | Check the birth date and the start date
select benefit.record_no, benefit.item_no, benefit.start_date as found, child.birth_date as expected
from benefit
join child using (record_no)
where benefit.start_date < child.birth_date;

-- rule: KJ-BEN-005
-- title: 结案以后仍发放待遇 | Paid for a month after the file was closed
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
