-- rule: KJ-BATCH-101
-- title: 同一县区的档案编号重复 | The same case number twice in a county
-- message: 同一县区的档案编号重复（{title}：{found}） | The same case number twice in a county ({name}: {found})
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
-- message: 同一儿童有两份在册档案（{title}：{found}） | The same child has two open files ({name}: {found})
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
-- message: 同一户的两份档案人均年收入不一致（{title}：{found}） | Two files of one household differ in the income per head ({name}: {found})
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
-- message: 责任县区不在报送单位的行政区划内（{title}为{found}，对照{expected}） | The county does not lie in the sender's area ({name} is {found}, compared with {expected})
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
-- message: 截止日期不是报告期的最后一天（{title}为{found}，应为{expected}） | The day of the submission is not the last of the period ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: header.period_end, header.period, header.message_type
-- fix: 核对报告期和截止日期 | Check the period and the day
select
  header.record_no,
  header.period_end as found,
  header.period as expected
from header
where
  header.message_type <> 'department_records'
  and (
    substr(cast(header.period_end as varchar), 1, 4) <> substr(header.period, 1, 4)
    or substr(cast(header.period_end as varchar), 6, 5) <> case
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
  );

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
-- message: 全量报送的记录带有变更类型（{title}：{found}） | A record of a full submission says what changes ({name}: {found})
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
-- message: 人员的行政区划不在报送单位的行政区划内（{title}为{found}，对照{expected}） | The worker's county does not lie in the sender's area ({name} is {found}, compared with {expected})
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
-- message: 站点的行政区划不在报送单位的行政区划内（{title}为{found}，对照{expected}） | The site's county does not lie in the sender's area ({name} is {found}, compared with {expected})
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

-- rule: KJ-BATCH-111
-- title: 人员编号重复 | The same worker twice
-- message: 人员编号重复（{title}：{found}） | The same worker twice ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: record · fields: worker.worker_id
-- fix: 改正编号，或删去重复的记录 | Correct the number, or remove the repeated record
select worker.record_no, worker.worker_id as found, null as expected
from worker
where exists (select 1 from worker as earlier where earlier.worker_id = worker.worker_id and earlier.record_no < worker.record_no);

-- rule: KJ-BATCH-112
-- title: 站点编号重复 | The same site twice
-- message: 站点编号重复（{title}：{found}） | The same site twice ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: record · fields: service_site.site_id
-- fix: 改正编号，或删去重复的记录 | Correct the number, or remove the repeated record
select service_site.record_no, service_site.site_id as found, null as expected
from service_site
where exists (select 1 from service_site as earlier where earlier.site_id = service_site.site_id and earlier.record_no < service_site.record_no);

-- rule: KJ-BATCH-113
-- title: 机构代码重复 | The same organisation twice
-- message: 机构代码重复（{title}：{found}） | The same organisation twice ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: record · fields: organisation.credit_code
-- fix: 改正编号，或删去重复的记录 | Correct the number, or remove the repeated record
select organisation.record_no, organisation.credit_code as found, null as expected
from organisation
where exists (select 1 from organisation as earlier where earlier.credit_code = organisation.credit_code and earlier.record_no < organisation.record_no);

-- rule: KJ-BATCH-114
-- title: 离任日期早于任职日期 | A worker left before starting
-- message: 离任日期早于任职日期（{title}为{found}，不应早于{expected}） | A worker left before starting ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: worker.end_date, worker.start_date
-- fix: 核对前后两个日期 | Check both dates
select worker.record_no, worker.end_date as found, worker.start_date as expected
from worker
where worker.end_date < worker.start_date;

-- rule: KJ-BATCH-115
-- title: 站点停用日期早于启用日期 | A site ends before it starts
-- message: 站点停用日期早于启用日期（{title}为{found}，不应早于{expected}） | A site ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: service_site.end_date, service_site.start_date
-- fix: 核对前后两个日期 | Check both dates
select service_site.record_no, service_site.end_date as found, service_site.start_date as expected
from service_site
where service_site.end_date < service_site.start_date;

-- rule: KJ-BATCH-116
-- title: 机构注销日期早于成立日期 | An organisation ends before it starts
-- message: 机构注销日期早于成立日期（{title}为{found}，不应早于{expected}） | An organisation ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: organisation.end_date, organisation.start_date
-- fix: 核对前后两个日期 | Check both dates
select organisation.record_no, organisation.end_date as found, organisation.start_date as expected
from organisation
where organisation.end_date < organisation.start_date;

-- rule: KJ-BATCH-117
-- title: 任职日期晚于报送截止日期 | A worker starts after the day of the submission
-- message: 任职日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A worker starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: worker.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select worker.record_no, worker.start_date as found, header.period_end as expected
from worker
cross join header
where worker.start_date > header.period_end;

-- rule: KJ-BATCH-118
-- title: 培训日期晚于报送截止日期 | A worker was trained after the day of the submission
-- message: 培训日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A worker was trained after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 七(二)
-- scope: record · effect: none · fields: worker.trained_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select worker.record_no, worker.trained_on as found, header.period_end as expected
from worker
cross join header
where worker.trained_on > header.period_end;

-- rule: KJ-BATCH-119
-- title: 人员的乡镇街道不在其县区内 | The worker's township does not lie in the county
-- message: 人员的乡镇街道不在其县区内（{title}为{found}，对照{expected}） | The worker's township does not lie in the county ({name} is {found}, compared with {expected})
-- source: GB/T 10114-2003;豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: worker.township, worker.division
-- fix: 核对行政区划 | Check the places
select worker.record_no, worker.township as found, worker.division as expected
from worker
where substr(worker.township, 1, 6) <> worker.division;

-- rule: KJ-BATCH-120
-- title: 人员的村居不在其乡镇街道内 | The worker's village does not lie in the township
-- message: 人员的村居不在其乡镇街道内（{title}为{found}，对照{expected}） | The worker's village does not lie in the township ({name} is {found}, compared with {expected})
-- source: GB/T 10114-2003;豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: worker.village, worker.division, worker.township
-- fix: 核对行政区划 | Check the places
select worker.record_no, worker.village as found, worker.township as expected
from worker
where substr(worker.village, 1, 9) <> worker.township and substr(worker.township, 1, 6) = worker.division;

-- rule: KJ-BATCH-121
-- title: 站点的乡镇街道不在其县区内 | The site's township does not lie in the county
-- message: 站点的乡镇街道不在其县区内（{title}为{found}，对照{expected}） | The site's township does not lie in the county ({name} is {found}, compared with {expected})
-- source: GB/T 10114-2003;豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: service_site.township, service_site.division
-- fix: 核对行政区划 | Check the places
select service_site.record_no, service_site.township as found, service_site.division as expected
from service_site
where substr(service_site.township, 1, 6) <> service_site.division;

-- rule: KJ-BATCH-122
-- title: 站点的村居不在其乡镇街道内 | The site's village does not lie in the township
-- message: 站点的村居不在其乡镇街道内（{title}为{found}，对照{expected}） | The site's village does not lie in the township ({name} is {found}, compared with {expected})
-- source: GB/T 10114-2003;豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: service_site.village, service_site.division, service_site.township
-- fix: 核对行政区划 | Check the places
select service_site.record_no, service_site.village as found, service_site.township as expected
from service_site
where substr(service_site.village, 1, 9) <> service_site.township and substr(service_site.township, 1, 6) = service_site.division;

-- rule: KJ-BATCH-123
-- title: 2017年的岗位名称在2020年以后仍在使用 | A role of 2017 is still in use after 2020
-- message: 2017年的岗位名称在2020年以后仍在使用（{title}：{found}） | A role of 2017 is still in use after 2020 ({name}: {found})
-- from: 2020-07-01
-- source: 民发〔2019〕34号
-- scope: record · effect: none · fields: worker.role, worker.end_date
-- fix: 改为儿童主任或儿童督导员 | Change it to the role of 2019
select worker.record_no, worker.role as found, null as expected
from worker
where
  worker.end_date is null
  and worker.role in ('child_welfare_director_2017', 'child_welfare_supervisor_2017', 'child_rights_monitor_2017');

-- rule: KJ-BATCH-124
-- title: 儿童主任或儿童督导员的任职早于2019年 | A role of 2019 that starts before 2019
-- message: 儿童主任或儿童督导员的任职早于2019年（{title}：{found}） | A role of 2019 that starts before 2019 ({name}: {found})
-- source: 民发〔2019〕34号
-- scope: record · effect: none · fields: worker.role, worker.start_date
-- fix: 核对岗位和任职日期；2017年的岗位另填 | Check the role and the day; the roles of 2017 have other names
select worker.record_no, worker.role as found, null as expected
from worker
where worker.role in ('child_director', 'child_supervisor') and worker.start_date < date '2019-01-01';

-- rule: KJ-BATCH-125
-- title: 村级岗位没有写明村居 | A village role without the village
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: worker.village, worker.role
-- fix: 补填村居 | Give the village
select worker.record_no, worker.village as found, null as expected
from worker
where
  worker.village is null
  and worker.role in (
    'child_welfare_director_2017', 'child_welfare_supervisor_2017', 'child_rights_monitor_2017', 'child_director'
  );

-- rule: KJ-BATCH-126
-- title: 报送在截止日期之前生成 | Made before the day that the records are as of
-- message: 报送在截止日期之前生成（{title}为{found}，不应早于{expected}） | Made before the day that the records are as of ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: header.created_at, header.period_end
-- fix: 核对生成时间和截止日期 | Check both
select header.record_no, header.created_at as found, header.period_end as expected
from header
where cast(header.created_at as date) < header.period_end;

-- rule: KJ-BATCH-127
-- title: 报送编号与替代报送编号相同 | A submission that replaces itself
-- message: 报送编号与替代报送编号相同（{title}：{found}） | A submission that replaces itself ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: submission · fields: header.replaces, header.submission_no
-- fix: 改正报送编号或替代报送编号 | Correct one of the numbers
select header.record_no, header.replaces as found, null as expected
from header
where header.replaces = header.submission_no;

-- rule: KJ-BATCH-128
-- title: 撤回报送中带有档案 | A withdrawal with case files
-- message: 撤回报送中带有档案（{title}：{found}） | A withdrawal with case files ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: header.kind
-- fix: 删去档案，或改为更正报送 | Remove the files, or send a correction
select header.record_no, header.kind as found, null as expected
from header
where header.kind = 'withdrawal' and exists (select 1 from case_file where case_file.record_no > 0);

-- rule: KJ-BATCH-129
-- title: 增量报送注销的档案没有结案 | A delta closes a file that is not closed
-- message: 增量报送注销的档案没有结案（{title}：{found}） | A delta closes a file that is not closed ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: submission · effect: record · fields: case_file.change, case_file.status, header.kind
-- fix: 结案并填写退出原因，或改正变更类型 | Close the file, or correct the change
select case_file.record_no, case_file.change as found, null as expected
from case_file
cross join header
where header.kind = 'delta' and case_file.change = 'closed' and case_file.status <> 'closed';

-- rule: KJ-BATCH-130
-- title: 增量报送新增的档案已结案 | A delta adds a file that is closed
-- message: 增量报送新增的档案已结案（{title}：{found}） | A delta adds a file that is closed ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: submission · effect: none · fields: case_file.change, case_file.status, header.kind
-- fix: 核对变更类型和档案状态 | Check the change and the status
select case_file.record_no, case_file.change as found, null as expected
from case_file
cross join header
where header.kind = 'delta' and case_file.change = 'new' and case_file.status = 'closed';

-- rule: KJ-BATCH-131
-- title: 监护机构不在本次报送的机构中 | The guardian is none of the organisations of the submission
-- message: 监护机构不在本次报送的机构中（{title}：{found}） | The guardian is none of the organisations of the submission ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: guardian.credit_code, organisation.credit_code
-- fix: 补报该机构，或核对统一社会信用代码 | Send the organisation as well, or check the code
select guardian.record_no, guardian.item_no, guardian.credit_code as found, null as expected
from guardian
where
  guardian.credit_code is not null
  and exists (select 1 from organisation)
  and not exists (select 1 from organisation where organisation.credit_code = guardian.credit_code);

-- rule: KJ-BATCH-132
-- title: 养育机构不在本次报送的机构中 | The institution is none of the organisations of the submission
-- message: 养育机构不在本次报送的机构中（{title}：{found}） | The institution is none of the organisations of the submission ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: care_arrangement.institution_code, organisation.credit_code
-- fix: 补报该机构，或核对统一社会信用代码 | Send the organisation as well, or check the code
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.institution_code as found,
  null as expected
from care_arrangement
where
  care_arrangement.institution_code is not null
  and exists (select 1 from organisation)
  and not exists (select 1 from organisation where organisation.credit_code = care_arrangement.institution_code);

-- rule: KJ-BATCH-133
-- title: 服务提供单位不在本次报送的机构中 | The provider is none of the organisations of the submission
-- message: 服务提供单位不在本次报送的机构中（{title}：{found}） | The provider is none of the organisations of the submission ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: service.provider_code, organisation.credit_code
-- fix: 补报该机构，或核对统一社会信用代码 | Send the organisation as well, or check the code
select service.record_no, service.item_no, service.provider_code as found, null as expected
from service
where
  service.provider_code is not null
  and exists (select 1 from organisation)
  and not exists (select 1 from organisation where organisation.credit_code = service.provider_code);

-- rule: KJ-BATCH-134
-- title: 责任人不在本县区报送的人员中 | The worker responsible is none of the county's workers
-- message: 责任人不在本县区报送的人员中（{title}：{found}） | The worker responsible is none of the county's workers ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: submission · effect: none · fields: case_file.worker_name, case_file.division, worker.division, worker.name
-- fix: 补报该人员，或核对责任人 | Send the worker as well, or check the name
select case_file.record_no, case_file.worker_name as found, null as expected
from case_file
where
  case_file.worker_name is not null
  and exists (select 1 from worker where worker.division = case_file.division)
  and not exists (
    select 1 from worker where worker.division = case_file.division and worker.name = case_file.worker_name
  );

-- rule: KJ-BATCH-135
-- title: 同一户的两个儿童户口类型不一致 | Two children of a household differ in the kind of registration
-- message: 同一户的两个儿童户口类型不一致（{title}：{found}） | Two children of a household differ in the kind of registration ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: household · effect: none · fields: child.hukou_type, case_file.division, household.household_no
-- fix: 核对两份档案的户口类型 | Check both files
select child.record_no, child.hukou_type as found, null as expected
from child
join household using (record_no)
join case_file using (record_no)
where
  child.hukou_type <> '0'
  and exists (
    select 1
    from household as earlier
    join case_file as earlier_file using (record_no)
    join child as sibling using (record_no)
    where
      earlier.household_no = household.household_no
      and earlier_file.division = case_file.division
      and earlier.record_no < child.record_no
      and sibling.hukou_type <> '0'
      and sibling.hukou_type <> child.hukou_type
  );

-- rule: KJ-BATCH-136
-- title: 同一户的两个儿童父亲或母亲姓名不一致 | Two children of a household differ in the name of a parent
-- source: 豫政办〔2017〕47号 六(一)
-- scope: household · effect: none · fields: parent_situation.name, case_file.division, household.household_no, parent_situation.parent
-- fix: 核对两份档案的父母；同父异母或同母异父的不必处理 | Check both files; half brothers and sisters are in order
select parent_situation.record_no, parent_situation.item_no, parent_situation.name as found, null as expected
from parent_situation
join household using (record_no)
join case_file using (record_no)
where
  exists (
    select 1
    from household as earlier
    join case_file as earlier_file using (record_no)
    join parent_situation as other using (record_no)
    where
      earlier.household_no = household.household_no
      and earlier_file.division = case_file.division
      and earlier.record_no < parent_situation.record_no
      and other.parent = parent_situation.parent
      and other.name <> parent_situation.name
  );

-- rule: KJ-BATCH-137
-- title: 家庭成员是另一份档案的儿童，姓名却不一致 | A member is the child of another file under another name
-- message: 家庭成员是另一份档案的儿童，姓名却不一致（{title}为{found}，应为{expected}） | A member is the child of another file under another name ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: submission · effect: none · fields: member.name, child.id_document_type, child.id_number, child.name, member.id_number
-- fix: 核对两份档案的姓名和证件号码 | Check name and number in both files
select member.record_no, member.item_no, member.name as found, child.name as expected
from member
join child on child.id_number = member.id_number and child.record_no <> member.record_no
where
  child.id_document_type = '111'
  and replace(replace(member.name, '•', ''), '·', '') <> replace(replace(child.name, '•', ''), '·', '');

-- rule: KJ-BATCH-138
-- title: 同一学籍号有两名儿童 | Two children with the same student number
-- message: 同一学籍号有两名儿童（{title}：{found}） | Two children with the same student number ({name}: {found})
-- source: 教育部 全国学籍号
-- scope: submission · effect: none · fields: schooling.student_no, child.id_number, child.name
-- fix: 核对两份档案的学籍号 | Check both files
select schooling.record_no, schooling.item_no, schooling.student_no as found, null as expected
from schooling
join child using (record_no)
where
  exists (
    select 1
    from schooling as earlier
    join child as other using (record_no)
    where
      earlier.student_no = schooling.student_no
      and earlier.record_no < schooling.record_no
      and coalesce(other.id_number <> child.id_number, other.name <> child.name)
  );

-- rule: KJ-BATCH-139
-- title: 同一儿童同一月份在两个县区发放 | The same child was paid for the same month in two counties
-- message: 同一儿童同一月份在两个县区发放（{title}：{found}） | The same child was paid for the same month in two counties ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: submission · effect: record · fields: payment.period, benefit.kind, case_file.division, child.id_document_type, child.id_number, payment.kind, payment.status
-- fix: 核对两地发放月份；多发的登记追缴 | Check the months; record the recovery
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.period as found, null as expected
from payment
join child using (record_no)
join case_file using (record_no)
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
where
  payment.status = 'made'
  and coalesce(payment.kind, 'regular') = 'regular'
  and child.id_document_type = '111'
  and child.id_number in (
    select repeated.id_number from child as repeated group by repeated.id_number having count(*) > 1
  )
  and exists (
    select 1
    from child as other
    join case_file as other_file on other_file.record_no = other.record_no
    join benefit as other_benefit on other_benefit.record_no = other.record_no
    join payment as earlier
      on earlier.record_no = other_benefit.record_no and earlier.benefit_item_no = other_benefit.item_no
    where
      other.id_number = child.id_number
      and other.id_document_type = '111'
      and other.record_no < payment.record_no
      and other_file.division <> case_file.division
      and other_benefit.kind = benefit.kind
      and earlier.period = payment.period
      and earlier.status = 'made'
      and coalesce(earlier.kind, 'regular') = 'regular'
  );
