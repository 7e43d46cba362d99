-- rule: KJ-BATCH-101
-- title: 同一县区的档案编号重复 | The same case number twice in a county
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: submission · effect: record · fields: case_file.case_id, case_file.division
-- fix: 改正编号，或合并重复的档案 | Correct the number, or merge the files
select case_file.record_no, case_file.case_id as found, null as expected
from case_file
where
  exists (
    select 1
    from case_file as earlier
    where
      earlier.case_id = case_file.case_id
      and earlier.division = case_file.division
      and earlier.record_no < case_file.record_no
  );

-- rule: KJ-BATCH-102
-- title: 同一儿童有两份在册档案 | The same child has two open files
-- source: 豫政办〔2017〕47号 六(一) 一人一档;五(一)末款 不得重复认定
-- scope: submission · effect: record · fields: child.id_number, case_file.case_id, case_file.division, case_file.status, child.id_document_type
-- fix: 合并两份档案，核对是否重复享受 | Merge the files, and check whether benefits were paid twice
select child.record_no, child.id_number as found, null as expected
from child
join case_file using (record_no)
where
  case_file.status <> 'closed'
  and child.id_document_type = '111'
  and exists (
    select 1
    from child as earlier
    join case_file as earlier_file using (record_no)
    where
      earlier.id_number = child.id_number
      and earlier.id_document_type = '111'
      and earlier.record_no < child.record_no
      and earlier_file.status <> 'closed'
      and (earlier_file.case_id <> case_file.case_id or earlier_file.division <> case_file.division)
  );

-- rule: KJ-BATCH-103
-- title: 同一户的两份档案人均年收入不一致 | Two files of one household differ in the income per head
-- source: 豫政办〔2017〕47号 四(四)
-- scope: household · effect: none · fields: household.income_per_head, case_file.division, household.household_no
-- fix: 核对户编号和人均年收入 | Check the household number and the income
select household.record_no, household.income_per_head as found, null as expected
from household
join case_file using (record_no)
where
  exists (
    select 1
    from household as earlier
    join case_file as earlier_file using (record_no)
    where
      earlier.household_no = household.household_no
      and earlier_file.division = case_file.division
      and earlier.record_no < household.record_no
      and earlier.income_per_head <> household.income_per_head
  );

-- rule: KJ-BATCH-104
-- title: 责任县区不在报送单位的行政区划内 | The county does not lie in the sender's area
-- source: GB/T 2260-2007;豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: case_file.division, header.sender_division
-- fix: 核对责任县区和报送单位行政区划 | Check the county and the sender
select case_file.record_no, case_file.division as found, header.sender_division as expected
from case_file
cross join header
where
  case
    when header.sender_division like '__0000' then substr(header.sender_division, 1, 2)
    when header.sender_division like '____00' then substr(header.sender_division, 1, 4)
    else header.sender_division
  end
  <> substr(case_file.division, 1, case
    when header.sender_division like '__0000' then 2
    when header.sender_division like '____00' then 4
    else 6
  end);

-- rule: KJ-BATCH-105
-- title: 截止日期不是报告期的最后一天 | The day of the submission is not the last of the period
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: header.period_end, header.period
-- fix: 核对报告期和截止日期 | Check the period and the day
select
  header.record_no,
  header.period_end as found,
  header.period as expected
from header
where
  substr(cast(header.period_end as varchar), 6, 5) <> case
    when header.period like '____' then '12-31'
    when header.period like '____H1' then '06-30'
    when header.period like '____H2' then '12-31'
    when header.period like '____Q1' then '03-31'
    when header.period like '____Q2' then '06-30'
    when header.period like '____Q3' then '09-30'
    when header.period like '____Q4' then '12-31'
    when header.period like '____-02' and extract(year from header.period_end) % 4 = 0
      and (extract(year from header.period_end) % 100 <> 0 or extract(year from header.period_end) % 400 = 0)
      then '02-29'
    when header.period like '____-02' then '02-28'
    when substr(header.period, 6, 2) in ('04', '06', '09', '11') then substr(header.period, 6, 2) || '-30'
    else substr(header.period, 6, 2) || '-31'
  end
  or substr(cast(header.period_end as varchar), 1, 4) <> substr(header.period, 1, 4);

-- rule: KJ-BATCH-106
-- title: 增量报送的记录没有变更类型 | A record of a delta does not say what changes
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: record · fields: case_file.change, header.kind
-- fix: 填写变更类型：新增、变更或注销 | Say new, changed or closed
select case_file.record_no, case_file.change as found, null as expected
from case_file
cross join header
where header.kind = 'delta' and case_file.change is null;

-- rule: KJ-BATCH-107
-- title: 全量报送的记录带有变更类型 | A record of a full submission says what changes
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: case_file.change, header.kind
-- fix: 删去变更类型，或改为增量报送 | Remove it, or send a delta
select case_file.record_no, case_file.change as found, null as expected
from case_file
cross join header
where header.kind = 'full' and case_file.change is not null;

-- rule: KJ-BATCH-108
-- title: 更正或撤回没有写明替代哪一次报送 | A correction or withdrawal without the submission it replaces
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: submission · fields: header.replaces, header.kind
-- fix: 填写替代报送编号 | Give the number of the submission it replaces
select header.record_no, header.replaces as found, null as expected
from header
where header.kind in ('correction', 'withdrawal') and header.replaces is null;

-- rule: KJ-BATCH-109
-- title: 人员的行政区划不在报送单位的行政区划内 | The worker's county does not lie in the sender's area
-- source: GB/T 2260-2007;豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: worker.division, header.sender_division
-- fix: 核对人员和报送单位的行政区划 | Check the worker's and the sender's division
select worker.record_no, worker.division as found, header.sender_division as expected
from worker
cross join header
where
  case
    when header.sender_division like '__0000' then substr(header.sender_division, 1, 2)
    when header.sender_division like '____00' then substr(header.sender_division, 1, 4)
    else header.sender_division
  end
  <> substr(worker.division, 1, case
    when header.sender_division like '__0000' then 2
    when header.sender_division like '____00' then 4
    else 6
  end);

-- rule: KJ-BATCH-110
-- title: 站点的行政区划不在报送单位的行政区划内 | The site's county does not lie in the sender's area
-- source: GB/T 2260-2007;豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: service_site.division, header.sender_division
-- fix: 核对站点和报送单位的行政区划 | Check the site's and the sender's division
select service_site.record_no, service_site.division as found, header.sender_division as expected
from service_site
cross join header
where
  case
    when header.sender_division like '__0000' then substr(header.sender_division, 1, 2)
    when header.sender_division like '____00' then substr(header.sender_division, 1, 4)
    else header.sender_division
  end
  <> substr(service_site.division, 1, case
    when header.sender_division like '__0000' then 2
    when header.sender_division like '____00' then 4
    else 6
  end);
