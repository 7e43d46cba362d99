-- rule: KJ-PROC-001
-- title: 有审批而没有申请 | A decision without an application
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.step
-- fix: 补录申请 | Record the application
select procedure.record_no, procedure.item_no, procedure.step as found, null as expected
from procedure
where
  procedure.step = 'decision'
  and not exists (
    select 1
    from procedure as earlier
    where earlier.record_no = procedure.record_no and earlier.step in ('application', 'acceptance')
  );

-- rule: KJ-PROC-002
-- title: 受理、查验或审批的日期早于申请 | Acceptance, check or decision before the application
-- message: 受理、查验或审批的日期早于申请（{title}为{found}，不应早于{expected}） | Acceptance, check or decision before the application ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: record · fields: procedure.step_date, procedure.step
-- fix: 核对各环节日期 | Check the days of the steps
select
  procedure.record_no,
  procedure.item_no,
  procedure.step_date as found,
  (
    select min(application.step_date)
    from procedure as application
    where application.record_no = procedure.record_no and application.step = 'application'
  ) as expected
from procedure
where
  procedure.step in ('acceptance', 'check', 'decision')
  and procedure.step_date < (
    select min(application.step_date)
    from procedure as application
    where application.record_no = procedure.record_no and application.step = 'application'
  );

-- rule: KJ-PROC-003
-- title: 不予批准或退回没有写明原因 | Refused or returned without a reason
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.reason, procedure.result
-- fix: 写明原因并告知家庭 | Give the reason and tell the family
select procedure.record_no, procedure.item_no, procedure.reason as found, null as expected
from procedure
where procedure.result in ('refused', 'returned') and procedure.reason is null;

-- rule: KJ-PROC-004
-- title: 复核已逾期 | The review is overdue
-- message: 复核已逾期（{title}为{found}，不应早于{expected}） | The review is overdue ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一) 动态管理
-- scope: record · effect: none · fields: determination.review_date, case_file.status, determination.end_date, header.period_end, procedure.step, procedure.step_date
-- fix: 进行复核，登记复核结果和下次复核日期 | Review, and record the result and the next date
select
  determination.record_no,
  determination.item_no,
  determination.review_date as found,
  header.period_end as expected
from determination
join case_file using (record_no)
cross join header
where
  case_file.status = 'open'
  and determination.review_date < header.period_end
  and coalesce(determination.end_date >= header.period_end, true)
  and not exists (
    select 1
    from procedure
    where
      procedure.record_no = determination.record_no
      and procedure.step = 'review'
      and procedure.step_date >= determination.review_date
  );

-- rule: KJ-PROC-005
-- title: 不得公示的儿童作了公示 | Made public although the child must not be
-- source: 豫政办〔2017〕47号 五(一);未成年人保护法
-- scope: record · effect: record · fields: procedure.publicised, circumstances.hiv_infected, determination.category
-- fix: 撤下公示，改为不公示 | Take it down
select procedure.record_no, procedure.item_no, procedure.publicised as found, false as expected
from procedure
where
  procedure.publicised = true
  and (
    exists (
      select 1
      from determination
      where determination.record_no = procedure.record_no and determination.category in ('E-1', 'E-4', 'E-5')
    )
    or exists (
      select 1
      from circumstances
      where circumstances.record_no = procedure.record_no and circumstances.hiv_infected = true
    )
  );

-- rule: KJ-PROC-006
-- title: 告知日期早于该环节日期 | The family was told before the step was taken
-- message: 告知日期早于该环节日期（{title}为{found}，不应早于{expected}） | The family was told before the step was taken ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: record · fields: procedure.notified_on, procedure.step_date
-- fix: 核对告知日期 | Check the day of notice
select procedure.record_no, procedure.item_no, procedure.notified_on as found, procedure.step_date as expected
from procedure
where procedure.notified_on < procedure.step_date;

-- rule: KJ-PROC-007
-- title: 长期没有走访 | Not visited for too long
-- message: 长期没有走访（{title}为{found}，不应早于{expected}） | Not visited for too long ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 定期走访
-- scope: record · effect: none · fields: visit.visit_date, case_file.status, header.period_end
-- fix: 安排走访并登记 | Visit the child and record it
select visit.record_no, visit.item_no, visit.visit_date as found, header.period_end as expected
from visit
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status = 'open'
  and age(visit.visit_date, header.period_end) >= edition.visit_interval_years
  and not exists (
    select 1
    from visit as later
    where
      later.record_no = visit.record_no
      and (
        later.visit_date > visit.visit_date
        or (later.visit_date = visit.visit_date and later.item_no > visit.item_no)
      )
  );

-- rule: KJ-PROC-008
-- title: 已认定在册，却没有备案日期 | Recognised and open without the day of filing
-- source: 宛政办〔2017〕62号 一 登记备案制度
-- scope: record · effect: none · fields: case_file.filing_date, case_file.status
-- fix: 登记备案，补填备案日期 | File it, and give the day
select case_file.record_no, case_file.filing_date as found, null as expected
from case_file
where
  case_file.status = 'open'
  and case_file.filing_date is null
  and exists (select 1 from determination where determination.record_no = case_file.record_no)
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = case_file.record_no
      and unknown_fact.table_name = 'case_file'
      and unknown_fact.column_name = 'filing_date'
  );

-- rule: KJ-PROC-009
-- title: 备案日期晚于报送截止日期 | Filed after the day of the submission
-- message: 备案日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Filed after the day of the submission ({name} is {found}, not after {expected})
-- source: 宛政办〔2017〕62号 一 登记备案制度
-- scope: record · effect: none · fields: case_file.filing_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select case_file.record_no, case_file.filing_date as found, header.period_end as expected
from case_file
cross join header
where case_file.filing_date > header.period_end;

-- rule: KJ-PROC-010
-- title: 办理环节日期晚于报送截止日期 | A step was taken after the day of the submission
-- message: 办理环节日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A step was taken after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.step_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select procedure.record_no, procedure.item_no, procedure.step_date as found, header.period_end as expected
from procedure
cross join header
where procedure.step_date > header.period_end;

-- rule: KJ-PROC-011
-- title: 告知日期晚于报送截止日期 | The family was told after the day of the submission
-- message: 告知日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The family was told after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.notified_on, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select procedure.record_no, procedure.item_no, procedure.notified_on as found, header.period_end as expected
from procedure
cross join header
where procedure.notified_on > header.period_end;

-- rule: KJ-PROC-012
-- title: 受理或查验晚于审批 | Acceptance or check after the decision
-- message: 受理或查验晚于审批（{title}为{found}，不应晚于{expected}） | Acceptance or check after the decision ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.step_date, procedure.step
-- fix: 核对各环节日期 | Check the days of the steps
select procedure.record_no, procedure.item_no, procedure.step_date as found, decided.last_date as expected
from procedure
join (
  select decision.record_no, max(decision.step_date) as last_date
  from procedure as decision
  where decision.step = 'decision'
  group by decision.record_no
) as decided using (record_no)
where
  procedure.step in ('acceptance', 'check')
  and procedure.step_date > decided.last_date
  and not exists (
    select 1
    from procedure as application
    where
      application.record_no = procedure.record_no
      and application.step = 'application'
      and application.step_date > decided.last_date
  );

-- rule: KJ-PROC-013
-- title: 审批通过没有告知家庭 | Approved and the family was not told
-- source: 豫政办〔2017〕47号 五(一);六(一) 告知或协助申请
-- scope: record · effect: none · fields: procedure.notified_on, procedure.result, procedure.step
-- fix: 告知家庭，补填告知日期 | Tell the family, and give the day
select procedure.record_no, procedure.item_no, procedure.notified_on as found, null as expected
from procedure
where
  procedure.step = 'decision'
  and procedure.result in ('passed', 'refused')
  and procedure.notified_on is null
  and not exists (
    select 1 from procedure as notice where notice.record_no = procedure.record_no and notice.step = 'notice'
  )
  and not exists (
    select 1
    from procedure as later
    where later.record_no = procedure.record_no and later.step = 'decision' and later.notified_on is not null
  );

-- rule: KJ-PROC-014
-- title: 已认定，办理过程中却没有审批 | Recognised, but no step is a decision
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: determination.category, determination.end_date, procedure.step
-- fix: 补录审批 | Record the decision
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
where
  determination.end_date is null
  and exists (select 1 from procedure where procedure.record_no = determination.record_no)
  and not exists (
    select 1
    from procedure as decision
    where decision.record_no = determination.record_no and decision.step = 'decision'
  );

-- rule: KJ-PROC-015
-- title: 审批不予批准，却仍有认定 | Refused, and recognised all the same
-- message: 审批不予批准，却仍有认定（{title}：{found}） | Refused, and recognised all the same ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: record · fields: procedure.result, determination.start_date, procedure.step, procedure.step_date
-- fix: 核对审批结果和认定 | Check the decision and the recognition
select procedure.record_no, procedure.item_no, procedure.result as found, 'passed' as expected
from procedure
where
  procedure.step = 'decision'
  and procedure.result = 'refused'
  and exists (
    select 1
    from determination
    where determination.record_no = procedure.record_no and determination.start_date >= procedure.step_date
  )
  and not exists (
    select 1
    from procedure as passed
    where
      passed.record_no = procedure.record_no
      and passed.step in ('decision', 'appeal')
      and passed.result = 'passed'
  );

-- rule: KJ-PROC-016
-- title: 复核决定终止保障，认定却未终止 | The review ended the support, but the recognition goes on
-- message: 复核决定终止保障，认定却未终止（{title}：{found}） | The review ended the support, but the recognition goes on ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: none · fields: procedure.result, determination.end_date, determination.start_date, procedure.step, procedure.step_date
-- fix: 填写认定终止日期和原因 | End the recognition and say why
select procedure.record_no, procedure.item_no, procedure.result as found, null as expected
from procedure
where
  procedure.step = 'review'
  and procedure.result = 'ended'
  and exists (
    select 1
    from determination
    where
      determination.record_no = procedure.record_no
      and determination.start_date <= procedure.step_date
      and determination.end_date is null
  );

-- rule: KJ-PROC-017
-- title: 申诉复议早于审批 | Appealed before there was a decision
-- message: 申诉复议早于审批（{title}为{found}，不应早于{expected}） | Appealed before there was a decision ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: none · fields: procedure.step_date, procedure.step
-- fix: 核对申诉复议和审批的日期 | Check the days of appeal and decision
select procedure.record_no, procedure.item_no, procedure.step_date as found, decided.first_date as expected
from procedure
join (
  select decision.record_no, min(decision.step_date) as first_date
  from procedure as decision
  where decision.step = 'decision'
  group by decision.record_no
) as decided using (record_no)
where procedure.step = 'appeal' and procedure.step_date < decided.first_date;

-- rule: KJ-PROC-018
-- title: 建档已久，从未走访 | Open for long and never visited
-- message: 建档已久，从未走访（{title}：{found}） | Open for long and never visited ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 定期走访
-- scope: record · effect: none · fields: case_file.opened_on, case_file.status, header.period_end
-- fix: 安排走访并登记 | Visit the child and record it
select case_file.record_no, case_file.opened_on as found, header.period_end as expected
from case_file
cross join header
cross join edition
where
  case_file.status = 'open'
  and age(case_file.opened_on, header.period_end) >= edition.visit_interval_years
  and not exists (select 1 from visit where visit.record_no = case_file.record_no);

-- rule: KJ-PROC-019
-- title: 走访日期晚于报送截止日期 | Visited after the day of the submission
-- message: 走访日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Visited after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一) 定期走访
-- scope: record · effect: none · fields: visit.visit_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select visit.record_no, visit.item_no, visit.visit_date as found, header.period_end as expected
from visit
cross join header
where visit.visit_date > header.period_end;

-- rule: KJ-PROC-020
-- title: 走访日期早于出生日期 | Visited before the birth
-- message: 走访日期早于出生日期（{title}为{found}，不应早于{expected}） | Visited before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 定期走访
-- scope: record · effect: record · fields: visit.visit_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select visit.record_no, visit.item_no, visit.visit_date as found, child.birth_date as expected
from visit
join child using (record_no)
where visit.visit_date < child.birth_date;

-- rule: KJ-PROC-021
-- title: 结案以后仍有走访 | Visited after the file was closed
-- message: 结案以后仍有走访（{title}为{found}，不应晚于{expected}） | Visited after the file was closed ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: record · effect: none · fields: visit.visit_date, case_file.closed_on, case_file.opened_on, case_file.status
-- fix: 核对结案日期和走访日期；仍需保障的恢复在册 | Check both dates; open the file again where support goes on
select visit.record_no, visit.item_no, visit.visit_date as found, case_file.closed_on as expected
from visit
join case_file using (record_no)
where
  case_file.status = 'closed'
  and case_file.closed_on >= case_file.opened_on
  and visit.visit_date > case_file.closed_on;

-- rule: KJ-PROC-022
-- title: 在册认定没有下次复核日期 | A standing recognition without the day of its next review
-- source: 豫政办〔2017〕47号 五(一) 动态管理
-- scope: record · effect: none · fields: determination.review_date, case_file.status, determination.end_date
-- fix: 补填下次复核日期 | Give the day of the next review
select determination.record_no, determination.item_no, determination.review_date as found, null as expected
from determination
join case_file using (record_no)
where
  case_file.status = 'open'
  and determination.end_date is null
  and determination.review_date is null
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = determination.record_no
      and unknown_fact.item_no = determination.item_no
      and unknown_fact.table_name = 'determination'
      and unknown_fact.column_name = 'review_date'
  );
