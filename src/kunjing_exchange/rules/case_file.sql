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
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: case_file.closed_on, case_file.opened_on
-- fix: 核对建档日期和结案日期 | Check both dates
select case_file.record_no, case_file.closed_on as found, case_file.opened_on as expected
from case_file
where case_file.closed_on < case_file.opened_on;

-- rule: KJ-CASE-004
-- title: 备案日期早于建档日期 | Filed before it was opened
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
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: case_file.status, case_file.closed_on, case_file.exit_reason
-- fix: 改正档案状态，或删去结案日期和退出原因 | Correct the status, or remove day and reason
select case_file.record_no, case_file.status as found, 'closed' as expected
from case_file
where case_file.status <> 'closed' and (case_file.closed_on is not null or case_file.exit_reason is not null);

-- rule: KJ-CASE-012
-- title: 责任乡镇街道不在责任县区内 | The township does not lie in the county
-- source: GB/T 10114-2003;宛政办〔2017〕62号 二
-- scope: record · effect: none · fields: case_file.township, case_file.division
-- fix: 核对责任县区和责任乡镇街道 | Check county and township
select case_file.record_no, case_file.township as found, case_file.division as expected
from case_file
where substr(case_file.township, 1, 6) <> case_file.division;

-- rule: KJ-CASE-013
-- title: 责任村居不在责任乡镇街道内 | The village does not lie in the township
-- source: 国家统计局 统计用区划代码;宛政办〔2017〕62号 二
-- scope: record · effect: none · fields: case_file.village, case_file.division, case_file.township
-- fix: 核对责任乡镇街道和责任村居 | Check township and village
select case_file.record_no, case_file.village as found, case_file.township as expected
from case_file
where
  substr(case_file.village, 1, 9) <> case_file.township
  and substr(case_file.township, 1, 6) = case_file.division;
