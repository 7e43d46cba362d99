-- rule: KJ-EDU-001
-- title: 学段与年龄不相称 | The stage of schooling does not fit the age
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.stage, child.birth_date, header.period_end, schooling.end_date, schooling.status
-- fix: 核对学段和出生日期 | Check the stage and the birth date
select
  schooling.record_no,
  schooling.item_no,
  schooling.stage as found,
  age(child.birth_date, header.period_end) as expected
from schooling
join child using (record_no)
cross join header
where
  schooling.status = '01'
  and schooling.end_date is null
  and (
    (schooling.stage = 'preschool' and age(child.birth_date, header.period_end) not between 2 and 8)
    or (schooling.stage = 'primary' and age(child.birth_date, header.period_end) not between 5 and 15)
    or (schooling.stage = 'junior' and age(child.birth_date, header.period_end) not between 10 and 18)
    or (schooling.stage in ('senior', 'vocational') and age(child.birth_date, header.period_end) < 13)
    or (schooling.stage = 'higher' and age(child.birth_date, header.period_end) < 14)
  );

-- rule: KJ-EDU-002
-- title: 辍学或未入学没有写明原因 | Out of school without a reason
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: schooling.drop_out_reason, schooling.never_enrolled, schooling.status
-- fix: 写明未就学原因 | Give the reason
select schooling.record_no, schooling.item_no, schooling.drop_out_reason as found, null as expected
from schooling
where
  (schooling.status in ('03', '04', '06', '15') or schooling.never_enrolled = true)
  and schooling.drop_out_reason is null
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = schooling.record_no
      and unknown_fact.item_no = schooling.item_no
      and unknown_fact.table_name = 'schooling'
      and unknown_fact.column_name = 'drop_out_reason'
  );

-- rule: KJ-EDU-003
-- title: 同时在两处就学 | At two schools at the same time
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.status, schooling.end_date
-- fix: 给前一段就学填写终止日期 | End the earlier spell
select schooling.record_no, schooling.item_no, schooling.status as found, null as expected
from schooling
where
  schooling.status = '01'
  and schooling.end_date is null
  and exists (
    select 1
    from schooling as earlier
    where
      earlier.record_no = schooling.record_no
      and earlier.item_no < schooling.item_no
      and earlier.status = '01'
      and earlier.end_date is null
  );

-- rule: KJ-EDU-004
-- title: 标为从未入学，却有学校或学籍 | Never enrolled, yet there is a school or a student number
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: schooling.never_enrolled, schooling.school_code, schooling.school_name, schooling.student_no
-- fix: 改正是否未入学，或删去学校和学籍 | Correct the flag, or remove school and number
select schooling.record_no, schooling.item_no, schooling.never_enrolled as found, false as expected
from schooling
where
  schooling.never_enrolled = true
  and (schooling.school_code is not null or schooling.school_name is not null or schooling.student_no is not null);

-- rule: KJ-EDU-005
-- title: 就学终止日期早于起始日期 | A spell of schooling ends before it starts
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: schooling.end_date, schooling.start_date
-- fix: 核对起止日期 | Check both dates
select schooling.record_no, schooling.item_no, schooling.end_date as found, schooling.start_date as expected
from schooling
where schooling.end_date < schooling.start_date;

-- rule: KJ-EDU-006
-- title: 就学起始日期早于出生日期 | Schooling starts before the birth
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: schooling.start_date, child.birth_date
-- fix: 核对就学起始日期 | Check the start of the schooling
select schooling.record_no, schooling.item_no, schooling.start_date as found, child.birth_date as expected
from schooling
join child using (record_no)
where schooling.start_date < child.birth_date;

-- rule: KJ-EDU-007
-- title: 标为随迁就读，学校却在户籍所在县区 | A migrant pupil at a school of the county of registration
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.migrant_pupil, child.hukou_division, schooling.school_division
-- fix: 核对是否随迁就读和户籍地 | Check the flag and the registration
select schooling.record_no, schooling.item_no, schooling.migrant_pupil as found, false as expected
from schooling
join child using (record_no)
where schooling.migrant_pupil = true and schooling.school_division = child.hukou_division;

-- rule: KJ-EDU-008
-- title: 义务教育年龄的儿童不在校，也没有转介劝返 | A child of compulsory age is not at school and nobody was told
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: schooling.status, case_file.status, child.birth_date, header.period_end, referral.referred_on, schooling.drop_out_date, schooling.end_date
-- fix: 联系教育部门劝返，或送教上门 | Bring the child back to school, or the school to the child
select schooling.record_no, schooling.item_no, schooling.status as found, '01' as expected
from schooling
join child using (record_no)
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status = 'open'
  and schooling.status in ('03', '04', '06')
  and schooling.end_date is null
  and age(child.birth_date, header.period_end) >= edition.school_age
  and age(child.birth_date, header.period_end) < edition.compulsory_age_limit
  and not exists (
    select 1
    from referral
    where
      referral.record_no = schooling.record_no
      and coalesce(referral.referred_on >= schooling.drop_out_date, true)
  );
