-- rule: KJ-CASE-001
-- title: 已结案而没有结案日期 | Closed without the day of closing
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: case_file.closed_on, case_file.status
-- fix: 补填结案日期 | Give the day
select case_file.record_no, case_file.closed_on as found, null as expected
from case_file
where case_file.status = 'closed' and case_file.closed_on is null;

-- rule: KJ-CASE-002
-- title: 已结案而没有退出原因 | Closed without the reason
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: case_file.exit_reason, case_file.status
-- fix: 补填退出原因 | Give the reason
select case_file.record_no, case_file.exit_reason as found, null as expected
from case_file
where case_file.status = 'closed' and case_file.exit_reason is null;

-- rule: KJ-CASE-003
-- title: 结案日期早于建档日期 | Closed before it was opened
-- message: 结案日期早于建档日期（{title}为{found}，不应早于{expected}） | Closed before it was opened ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: case_file.closed_on, case_file.opened_on
-- fix: 核对建档日期和结案日期 | Check both dates
select case_file.record_no, case_file.closed_on as found, case_file.opened_on as expected
from case_file
where case_file.closed_on < case_file.opened_on;

-- rule: KJ-CASE-004
-- title: 备案日期早于建档日期 | Filed before it was opened
-- message: 备案日期早于建档日期（{title}为{found}，不应早于{expected}） | Filed before it was opened ({name} is {found}, not before {expected})
-- source: 宛政办〔2017〕62号 一 登记备案制度
-- scope: record · effect: none · fields: case_file.filing_date, case_file.opened_on
-- fix: 核对建档日期和备案日期 | Check both dates
select case_file.record_no, case_file.filing_date as found, case_file.opened_on as expected
from case_file
where case_file.filing_date < case_file.opened_on;

-- rule: KJ-CASE-005
-- title: 档案编号中含有身份证号码 | The case number holds the resident id
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: record · effect: record · fields: case_file.case_id, child.id_number
-- fix: 另编档案编号，不得使用身份证号码 | Number the file anew, without the resident id
select case_file.record_no, case_file.case_id as found, null as expected
from case_file
join child using (record_no)
where
  length(child.id_number) = 18
  and (
    position(child.id_number in case_file.case_id) > 0
    or position(substr(child.id_number, 1, 6) || substr(child.id_number, 9, 9) in case_file.case_id) > 0
  );

-- rule: KJ-CASE-006
-- title: 转接前后两地重复发放 | Both counties paid for the same month
-- message: 转接前后两地重复发放（{title}为{found}，不应早于{expected}） | Both counties paid for the same month ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: record · effect: record · fields: handover.first_paid_month, handover.last_paid_month
-- fix: 核对两地发放月份；多发的登记追缴 | Check the months; record the recovery
select
  handover.record_no,
  handover.item_no,
  handover.first_paid_month as found,
  handover.last_paid_month as expected
from handover
where handover.first_paid_month <= handover.last_paid_month;

-- rule: KJ-CASE-007
-- title: 转接前后有月份未发放 | A month between the two counties was not paid
-- message: 转接前后有月份未发放（{title}为{found}，不应晚于{expected}） | A month between the two counties was not paid ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 应保尽保
-- scope: record · effect: none · fields: handover.first_paid_month, handover.last_paid_month
-- fix: 核对两地发放月份；漏发的补发 | Check the months; pay what was left out
select
  handover.record_no,
  handover.item_no,
  handover.first_paid_month as found,
  handover.last_paid_month as expected
from handover
where
  cast(substr(handover.first_paid_month, 1, 4) as integer) * 12
  + cast(substr(handover.first_paid_month, 6, 2) as integer)
  > cast(substr(handover.last_paid_month, 1, 4) as integer) * 12
  + cast(substr(handover.last_paid_month, 6, 2) as integer) + 1;

-- rule: KJ-CASE-008
-- title: 建档日期晚于报送截止日期 | Opened after the day of the submission
-- message: 建档日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Opened after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: case_file.opened_on, header.period_end
-- fix: 核对建档日期 | Check the day of opening
select case_file.record_no, case_file.opened_on as found, header.period_end as expected
from case_file
cross join header
where case_file.opened_on > header.period_end;

-- rule: KJ-CASE-009
-- title: 退出原因是死亡，却没有死亡日期 | Closed because the child died, without the day of death
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: child.death_date, case_file.exit_reason
-- fix: 补填死亡日期，或改正退出原因 | Give the day, or correct the reason
select child.record_no, child.death_date as found, null as expected
from child
join case_file using (record_no)
where case_file.exit_reason = 'died' and child.death_date is null;

-- rule: KJ-CASE-010
-- title: 儿童已死亡而档案未结案 | The child is dead and the file is not closed
-- message: 儿童已死亡而档案未结案（{title}为{found}，应为{expected}） | The child is dead and the file is not closed ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: case_file.status, child.birth_date, child.death_date, header.period_end
-- fix: 结案，并终止待遇 | Close the file and end the benefits
select case_file.record_no, case_file.status as found, 'closed' as expected
from case_file
join child using (record_no)
cross join header
where
  case_file.status <> 'closed'
  and child.death_date <= header.period_end
  and coalesce(child.death_date >= child.birth_date, true);

-- rule: KJ-CASE-011
-- title: 有结案日期或退出原因，档案却未结案 | A day of closing or a reason of leaving, but the file is not closed
-- message: 有结案日期或退出原因，档案却未结案（{title}为{found}，应为{expected}） | A day of closing or a reason of leaving, but the file is not closed ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: case_file.status, case_file.closed_on, case_file.exit_reason
-- fix: 改正档案状态，或删去结案日期和退出原因 | Correct the status, or remove day and reason
select case_file.record_no, case_file.status as found, 'closed' as expected
from case_file
where case_file.status <> 'closed' and (case_file.closed_on is not null or case_file.exit_reason is not null);

-- rule: KJ-CASE-012
-- title: 责任乡镇街道不在责任县区内 | The township does not lie in the county
-- message: 责任乡镇街道不在责任县区内（{title}为{found}，对照{expected}） | The township does not lie in the county ({name} is {found}, compared with {expected})
-- source: GB/T 10114-2003;宛政办〔2017〕62号 二
-- scope: record · effect: none · fields: case_file.township, case_file.division
-- fix: 核对责任县区和责任乡镇街道 | Check county and township
select case_file.record_no, case_file.township as found, case_file.division as expected
from case_file
where substr(case_file.township, 1, 6) <> case_file.division;

-- rule: KJ-CASE-013
-- title: 责任村居不在责任乡镇街道内 | The village does not lie in the township
-- message: 责任村居不在责任乡镇街道内（{title}为{found}，对照{expected}） | The village does not lie in the township ({name} is {found}, compared with {expected})
-- source: 国家统计局 统计用区划代码;宛政办〔2017〕62号 二
-- scope: record · effect: none · fields: case_file.village, case_file.division, case_file.township
-- fix: 核对责任乡镇街道和责任村居 | Check township and village
select case_file.record_no, case_file.village as found, case_file.township as expected
from case_file
where
  substr(case_file.village, 1, 9) <> case_file.township
  and substr(case_file.township, 1, 6) = case_file.division;

-- rule: KJ-CASE-014
-- title: 建档日期早于出生日期 | The file was opened before the birth
-- message: 建档日期早于出生日期（{title}为{found}，不应早于{expected}） | The file was opened before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: case_file.opened_on, child.birth_date, header.period_end
-- fix: 核对日期和出生日期 | Check the date and the birth date
select case_file.record_no, case_file.opened_on as found, child.birth_date as expected
from case_file
join child using (record_no)
cross join header
where case_file.opened_on < child.birth_date and child.birth_date <= header.period_end;

-- rule: KJ-CASE-015
-- title: 结案日期晚于报送截止日期 | The file was closed after the day of the submission
-- message: 结案日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The file was closed after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: case_file.closed_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select case_file.record_no, case_file.closed_on as found, header.period_end as expected
from case_file
cross join header
where case_file.closed_on > header.period_end;

-- rule: KJ-CASE-016
-- title: 结案时儿童已死亡，退出原因却不是死亡 | The child had died, but the file was closed for another reason
-- message: 结案时儿童已死亡，退出原因却不是死亡（{title}：{found}） | The child had died, but the file was closed for another reason ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: case_file.exit_reason, case_file.closed_on, case_file.status, child.birth_date, child.death_date
-- fix: 核对死亡日期和退出原因 | Check the day of death and the reason
select case_file.record_no, case_file.exit_reason as found, 'died' as expected
from case_file
join child using (record_no)
where
  case_file.status = 'closed'
  and case_file.exit_reason <> 'died'
  and child.death_date <= case_file.closed_on
  and child.death_date >= child.birth_date;

-- rule: KJ-CASE-017
-- title: 因年满规定年龄结案，结案时却未满 | Closed because of age before that age
-- source: 豫政办〔2017〕47号 四;五(一)
-- scope: record · effect: record · fields: case_file.exit_reason, case_file.closed_on, case_file.opened_on, case_file.status, child.birth_date
-- fix: 核对出生日期和退出原因 | Check the birth date and the reason
select case_file.record_no, case_file.exit_reason as found, edition.child_age_limit as expected
from case_file
join child using (record_no)
cross join edition
where
  case_file.status = 'closed'
  and case_file.exit_reason = 'of_age'
  and case_file.closed_on >= case_file.opened_on
  and age(child.birth_date, case_file.closed_on) < edition.child_age_limit;

-- rule: KJ-CASE-018
-- title: 因被收养结案，却没有收养安置 | Closed because of adoption without the adoption
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: case_file.exit_reason, care_arrangement.kind, case_file.status
-- fix: 补录依法收养的安置照料 | Record the adoption
select case_file.record_no, case_file.exit_reason as found, null as expected
from case_file
where
  case_file.status = 'closed'
  and case_file.exit_reason = 'adopted'
  and not exists (
    select 1
    from care_arrangement
    where care_arrangement.record_no = case_file.record_no and care_arrangement.kind = 'adoption'
  );

-- rule: KJ-CASE-019
-- title: 因迁出结案，却没有转接 | Closed because of moving without a handover
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: case_file.exit_reason, case_file.status
-- fix: 补录转接 | Record the handover
select case_file.record_no, case_file.exit_reason as found, null as expected
from case_file
where
  case_file.status = 'closed'
  and case_file.exit_reason = 'moved'
  and not exists (select 1 from handover where handover.record_no = case_file.record_no);

-- rule: KJ-CASE-020
-- title: 转出地与转入地相同 | Handed over to the same county
-- message: 转出地与转入地相同（{title}：{found}） | Handed over to the same county ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: record · fields: handover.to_division, handover.from_division
-- fix: 核对转出地和转入地 | Check both counties
select handover.record_no, handover.item_no, handover.to_division as found, null as expected
from handover
where handover.to_division = handover.from_division;

-- rule: KJ-CASE-021
-- title: 转接的两地都不是责任县区 | Neither county of the handover is the responsible one
-- message: 转接的两地都不是责任县区（{title}为{found}，对照{expected}） | Neither county of the handover is the responsible one ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: handover.to_division, case_file.division, handover.from_division
-- fix: 核对转出地、转入地和责任县区 | Check the counties
select handover.record_no, handover.item_no, handover.to_division as found, case_file.division as expected
from handover
join case_file using (record_no)
where
  handover.to_division <> case_file.division
  and handover.from_division <> case_file.division
  and handover.to_division <> handover.from_division;

-- rule: KJ-CASE-022
-- title: 转接日期晚于报送截止日期 | Handed over after the day of the submission
-- message: 转接日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Handed over after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: handover.handover_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select handover.record_no, handover.item_no, handover.handover_date as found, header.period_end as expected
from handover
cross join header
where handover.handover_date > header.period_end;

-- rule: KJ-CASE-023
-- title: 回执日期早于转接日期 | Acknowledged before it was handed over
-- message: 回执日期早于转接日期（{title}为{found}，不应早于{expected}） | Acknowledged before it was handed over ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: handover.acknowledged_on, handover.handover_date
-- fix: 核对前后两个日期 | Check both dates
select handover.record_no, handover.item_no, handover.acknowledged_on as found, handover.handover_date as expected
from handover
where handover.acknowledged_on < handover.handover_date;

-- rule: KJ-CASE-024
-- title: 转接没有回执 | The handover was not acknowledged
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: handover.acknowledged
-- fix: 联系转入地回执 | Ask the new county
select handover.record_no, handover.item_no, handover.acknowledged as found, true as expected
from handover
where handover.acknowledged = false;

-- rule: KJ-CASE-025
-- title: 转介受理早于转介 | Accepted before it was referred
-- message: 转介受理早于转介（{title}为{found}，不应早于{expected}） | Accepted before it was referred ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)、六(二) 协同办理
-- scope: record · effect: record · fields: referral.accepted_on, referral.referred_on
-- fix: 核对前后两个日期 | Check both dates
select referral.record_no, referral.item_no, referral.accepted_on as found, referral.referred_on as expected
from referral
where referral.accepted_on < referral.referred_on;

-- rule: KJ-CASE-026
-- title: 转介办结早于转介 | Finished before it was referred
-- message: 转介办结早于转介（{title}为{found}，不应早于{expected}） | Finished before it was referred ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)、六(二) 协同办理
-- scope: record · effect: record · fields: referral.finished_on, referral.referred_on
-- fix: 核对前后两个日期 | Check both dates
select referral.record_no, referral.item_no, referral.finished_on as found, referral.referred_on as expected
from referral
where referral.finished_on < referral.referred_on;

-- rule: KJ-CASE-027
-- title: 转介已办结，没有办结日期 | A referral is settled without the day
-- source: 豫政办〔2017〕47号 六(一)、六(二) 协同办理
-- scope: record · effect: none · fields: referral.finished_on, referral.result
-- fix: 补填办结日期 | Give the day
select referral.record_no, referral.item_no, referral.finished_on as found, null as expected
from referral
where referral.result = 'settled' and referral.finished_on is null;

-- rule: KJ-CASE-028
-- title: 转介日期晚于报送截止日期 | Referred after the day of the submission
-- message: 转介日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Referred after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)、六(二) 协同办理
-- scope: record · effect: none · fields: referral.referred_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select referral.record_no, referral.item_no, referral.referred_on as found, header.period_end as expected
from referral
cross join header
where referral.referred_on > header.period_end;

-- rule: KJ-CASE-029
-- title: 在册档案没有责任人 | An open file without the worker responsible
-- source: 豫政办〔2017〕47号 六(一) 儿童福利主任或儿童福利督导员
-- scope: record · effect: none · fields: case_file.worker_name, case_file.status
-- fix: 补填责任人 | Name the worker
select case_file.record_no, case_file.worker_name as found, null as expected
from case_file
where case_file.status = 'open' and case_file.worker_name is null;

-- rule: KJ-CASE-030
-- title: 困难情形核实日期晚于报送截止日期 | The circumstances were checked after the day of the submission
-- message: 困难情形核实日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The circumstances were checked after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: circumstances.assessed_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select circumstances.record_no, circumstances.assessed_on as found, header.period_end as expected
from circumstances
cross join header
where circumstances.assessed_on > header.period_end;

-- rule: KJ-CASE-031
-- title: 未保障记录日期晚于报送截止日期 | The protection gap was noted after the day of the submission
-- message: 未保障记录日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The protection gap was noted after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: protection_gap.noted_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  protection_gap.record_no,
  protection_gap.item_no,
  protection_gap.noted_on as found,
  header.period_end as expected
from protection_gap
cross join header
where protection_gap.noted_on > header.period_end;
