-- rule: KJ-DIS-001
-- title: 残疾人证已过有效期 | The disability certificate has expired
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
-- source: 残疾人证管理办法
-- scope: record · effect: record · fields: disability.expiry_date, disability.issue_date
-- fix: 核对发证日期和有效期 | Check both dates
select disability.record_no, disability.item_no, disability.expiry_date as found, disability.issue_date as expected
from disability
where disability.expiry_date < disability.issue_date;

-- rule: KJ-DIS-003
-- title: 残疾人证发证日期早于出生日期 | The certificate was issued before the birth
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
