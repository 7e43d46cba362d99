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
-- source: 豫政办〔2017〕47号 五(一) 规范审批程序
-- scope: record · effect: record · fields: procedure.notified_on, procedure.step_date
-- fix: 核对告知日期 | Check the day of notice
select procedure.record_no, procedure.item_no, procedure.notified_on as found, procedure.step_date as expected
from procedure
where procedure.notified_on < procedure.step_date;

-- rule: KJ-PROC-007
-- title: 长期没有走访 | Not visited for too long
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
