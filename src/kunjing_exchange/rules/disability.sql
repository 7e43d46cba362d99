-- rule: KJ-DIS-001
-- title: 残疾人证已过有效期 | The disability certificate has expired
-- message: 残疾人证已过有效期（{title}为{found}，不应早于{expected}） | The disability certificate has expired ({name} is {found}, not before {expected})
-- source: 残疾人证管理办法
-- scope: record · effect: none · fields: disability.expiry_date, case_file.status, disability.issue_date, header.period_end
-- fix: 换领残疾人证 | Renew the certificate
select disability.record_no, disability.item_no, disability.expiry_date as found, header.period_end as expected
from disability
join case_file using (record_no)
cross join header
where
  case_file.status = 'open'
  and disability.expiry_date < header.period_end
  and coalesce(disability.expiry_date >= disability.issue_date, true);

-- rule: KJ-DIS-002
-- title: 残疾人证有效期早于发证日期 | The certificate expires before it was issued
-- message: 残疾人证有效期早于发证日期（{title}为{found}，不应早于{expected}） | The certificate expires before it was issued ({name} is {found}, not before {expected})
-- source: 残疾人证管理办法
-- scope: record · effect: record · fields: disability.expiry_date, disability.issue_date
-- fix: 核对发证日期和有效期 | Check both dates
select disability.record_no, disability.item_no, disability.expiry_date as found, disability.issue_date as expected
from disability
where disability.expiry_date < disability.issue_date;

-- rule: KJ-DIS-003
-- title: 残疾人证发证日期早于出生日期 | The certificate was issued before the birth
-- message: 残疾人证发证日期早于出生日期（{title}为{found}，不应早于{expected}） | The certificate was issued before the birth ({name} is {found}, not before {expected})
-- source: 残疾人证管理办法
-- scope: record · effect: record · fields: disability.issue_date, child.birth_date
-- fix: 核对发证日期 | Check the day of issue
select disability.record_no, disability.item_no, disability.issue_date as found, child.birth_date as expected
from disability
join child using (record_no)
where disability.issue_date < child.birth_date;

-- rule: KJ-DIS-004
-- title: 标为仅有诊断，却有残疾人证号 | Diagnosed only, yet there is a certificate number
-- source: 残疾人证管理办法
-- scope: record · effect: record · fields: disability.diagnosed_only, disability.certificate_no
-- fix: 改正仅有诊断，或删去残疾人证号 | Correct the flag, or remove the number
select disability.record_no, disability.item_no, disability.diagnosed_only as found, false as expected
from disability
where disability.diagnosed_only = true and disability.certificate_no is not null;

-- rule: KJ-DIS-005
-- title: 明天计划的对象没有登记残疾 | The Tomorrow Plan for a child without a recorded disability
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: service.kind
-- fix: 补录残疾，或改正服务种类 | Record the disability, or correct the service
select service.record_no, service.item_no, service.kind as found, null as expected
from service
where
  service.kind = 'tomorrow_plan'
  and not exists (select 1 from disability where disability.record_no = service.record_no);

-- rule: KJ-DIS-006
-- title: 明天计划的对象不是孤儿 | The Tomorrow Plan for a child that is no orphan
-- message: 明天计划的对象不是孤儿（{title}：{found}） | The Tomorrow Plan for a child that is no orphan ({name}: {found})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: service.kind, determination.category
-- fix: 核对困境认定和服务种类 | Check the recognition and the service
select service.record_no, service.item_no, service.kind as found, null as expected
from service
where
  service.kind = 'tomorrow_plan'
  and exists (select 1 from determination where determination.record_no = service.record_no)
  and not exists (
    select 1 from determination where determination.record_no = service.record_no and determination.category = 'A'
  );

-- rule: KJ-DIS-007
-- title: 康复救助开始时已超过0—6岁 | Rehabilitation assistance begins past the age of 0 to 6
-- message: 康复救助开始时已超过0—6岁（{title}为{found}，对照{expected}） | Rehabilitation assistance begins past the age of 0 to 6 ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: benefit.start_date, benefit.kind, child.birth_date
-- fix: 核对起始日期和年龄；当地放宽年龄的不必处理 | Check date and age; nothing to do where the place widened the age
select
  benefit.record_no,
  benefit.item_no,
  benefit.start_date as found,
  edition.rehabilitation_age_limit as expected
from benefit
join child using (record_no)
cross join edition
where
  benefit.kind = 'rehabilitation_subsidy'
  and age(child.birth_date, benefit.start_date) >= edition.rehabilitation_age_limit;

-- rule: KJ-DIS-008
-- title: 残疾人证发证日期晚于报送截止日期 | The disability certificate was issued after the day of the submission
-- message: 残疾人证发证日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The disability certificate was issued after the day of the submission ({name} is {found}, not after {expected})
-- source: 残疾人证管理办法
-- scope: record · effect: none · fields: disability.issue_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select disability.record_no, disability.item_no, disability.issue_date as found, header.period_end as expected
from disability
cross join header
where disability.issue_date > header.period_end;

-- rule: KJ-DIS-009
-- title: 残疾诊断日期晚于报送截止日期 | A disability was diagnosed after the day of the submission
-- message: 残疾诊断日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A disability was diagnosed after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: none · fields: disability.diagnosis_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select disability.record_no, disability.item_no, disability.diagnosis_date as found, header.period_end as expected
from disability
cross join header
where disability.diagnosis_date > header.period_end;

-- rule: KJ-DIS-010
-- title: 残疾诊断日期早于出生日期 | A disability was diagnosed before the birth
-- message: 残疾诊断日期早于出生日期（{title}为{found}，不应早于{expected}） | A disability was diagnosed before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: record · fields: disability.diagnosis_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select disability.record_no, disability.item_no, disability.diagnosis_date as found, child.birth_date as expected
from disability
join child using (record_no)
where disability.diagnosis_date < child.birth_date;

-- rule: KJ-DIS-011
-- title: 同一类别的残疾登记了两次 | The same class of disability twice
-- message: 同一类别的残疾登记了两次（{title}：{found}） | The same class of disability twice ({name}: {found})
-- source: 残疾人证管理办法
-- scope: record · effect: none · fields: disability.disability_class
-- fix: 删去重复的残疾 | Remove the repeated record
select disability.record_no, disability.item_no, disability.disability_class as found, null as expected
from disability
where
  exists (
    select 1
    from disability as earlier
    where
      earlier.record_no = disability.record_no
      and earlier.item_no < disability.item_no
      and earlier.disability_class = disability.disability_class
  );

-- rule: KJ-DIS-012
-- title: 没有残疾人证号，也没有标明仅有诊断 | Neither a certificate number nor the mark of a mere diagnosis
-- source: 残疾人证管理办法
-- scope: record · effect: none · fields: disability.certificate_no, disability.diagnosed_only
-- fix: 补填残疾人证号，或标明仅有诊断 | Give the number, or mark the diagnosis
select disability.record_no, disability.item_no, disability.certificate_no as found, null as expected
from disability
where
  disability.certificate_no is null
  and coalesce(disability.diagnosed_only, false) = false
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = disability.record_no
      and unknown_fact.item_no = disability.item_no
      and unknown_fact.table_name = 'disability'
      and unknown_fact.column_name = 'certificate_no'
  );

-- rule: KJ-DIS-013
-- title: 孤独症的残疾类别不是精神或多重残疾 | Autism with another class than mental or multiple disability
-- source: GB/T 26341-2010;豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: disability.autism, disability.disability_class
-- fix: 核对残疾类别和是否孤独症 | Check the class and the mark of autism
select disability.record_no, disability.item_no, disability.autism as found, false as expected
from disability
where disability.autism = true and disability.disability_class not in ('6', '7');

-- rule: KJ-DIS-014
-- title: 服务开始日期早于出生日期 | A service starts before the birth
-- message: 服务开始日期早于出生日期（{title}为{found}，不应早于{expected}） | A service starts before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: record · fields: service.start_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select service.record_no, service.item_no, service.start_date as found, child.birth_date as expected
from service
join child using (record_no)
where service.start_date < child.birth_date;

-- rule: KJ-DIS-015
-- title: 服务结束日期早于开始日期 | A service ends before it starts
-- message: 服务结束日期早于开始日期（{title}为{found}，不应早于{expected}） | A service ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: record · fields: service.end_date, service.start_date
-- fix: 核对前后两个日期 | Check both dates
select service.record_no, service.item_no, service.end_date as found, service.start_date as expected
from service
where service.end_date < service.start_date;

-- rule: KJ-DIS-016
-- title: 服务开始日期晚于报送截止日期 | A service starts after the day of the submission
-- message: 服务开始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A service starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: service.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select service.record_no, service.item_no, service.start_date as found, header.period_end as expected
from service
cross join header
where service.start_date > header.period_end;

-- rule: KJ-DIS-017
-- title: 服务开始早于等候起始日期 | A service starts before the child waits for it
-- message: 服务开始早于等候起始日期（{title}为{found}，不应晚于{expected}） | A service starts before the child waits for it ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: record · fields: service.waiting_since, service.start_date
-- fix: 核对等候起始日期和开始日期 | Check both dates
select service.record_no, service.item_no, service.waiting_since as found, service.start_date as expected
from service
where service.waiting_since > service.start_date;

-- rule: KJ-DIS-018
-- title: 有康复服务，却没有登记残疾或疾病 | Rehabilitation without a recorded disability or illness
-- message: 有康复服务，却没有登记残疾或疾病（{title}：{found}） | Rehabilitation without a recorded disability or illness ({name}: {found})
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: service.kind
-- fix: 补录残疾或疾病，或改正服务种类 | Record the disability, or correct the service
select service.record_no, service.item_no, service.kind as found, null as expected
from service
where
  service.kind in ('surgery', 'assistive_device', 'rehabilitation_training', 'speech_training')
  and not exists (select 1 from disability where disability.record_no = service.record_no)
  and not exists (select 1 from illness where illness.record_no = service.record_no);

-- rule: KJ-DIS-019
-- title: 0—6岁残疾儿童没有康复服务，也没有写明原因 | A disabled child of 0 to 6 without a service, and no reason is given
-- source: 豫政办〔2017〕47号 五(五)
-- scope: record · effect: none · fields: child.birth_date, benefit.kind, case_file.status, header.period_end, protection_gap.field, service.kind
-- fix: 安排康复救助；尚未安排的在未保障中写明原因 | Arrange the service, or give the reason under the protection gaps
select child.record_no, child.birth_date as found, null as expected
from child
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status = 'open'
  and age(child.birth_date, header.period_end) < edition.rehabilitation_age_limit
  and exists (select 1 from disability where disability.record_no = child.record_no)
  and not exists (
    select 1 from service where service.record_no = child.record_no and service.kind not in ('donation', 'other')
  )
  and not exists (
    select 1
    from benefit
    where benefit.record_no = child.record_no and benefit.kind = 'rehabilitation_subsidy'
  )
  and not exists (
    select 1
    from protection_gap
    where protection_gap.record_no = child.record_no and protection_gap.field = 'disability'
  );
