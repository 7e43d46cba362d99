-- rule: KJ-EDU-001
-- title: 学段与年龄不相称 | The stage of schooling does not fit the age
-- message: 学段与年龄不相称（{title}为{found}，对照{expected}） | The stage of schooling does not fit the age ({name} is {found}, compared with {expected})
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
-- message: 就学终止日期早于起始日期（{title}为{found}，不应早于{expected}） | A spell of schooling ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: schooling.end_date, schooling.start_date
-- fix: 核对起止日期 | Check both dates
select schooling.record_no, schooling.item_no, schooling.end_date as found, schooling.start_date as expected
from schooling
where schooling.end_date < schooling.start_date;

-- rule: KJ-EDU-006
-- title: 就学起始日期早于出生日期 | Schooling starts before the birth
-- message: 就学起始日期早于出生日期（{title}为{found}，不应早于{expected}） | Schooling starts before the birth ({name} is {found}, not before {expected})
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

-- rule: KJ-EDU-009
-- title: 就学起始日期晚于报送截止日期 | Schooling starts after the day of the submission
-- message: 就学起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Schooling starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select schooling.record_no, schooling.item_no, schooling.start_date as found, header.period_end as expected
from schooling
cross join header
where schooling.start_date > header.period_end;

-- rule: KJ-EDU-010
-- title: 义务教育年龄的儿童没有就学记录 | A child of compulsory age without a record of schooling
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: child.birth_date, case_file.status, header.period_end
-- fix: 补录就学；未入学的写明原因 | Record the schooling, or why there is none
select child.record_no, child.birth_date as found, null as expected
from child
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status = 'open'
  and age(child.birth_date, header.period_end) >= edition.school_age
  and age(child.birth_date, header.period_end) < edition.compulsory_age_limit
  and not exists (select 1 from schooling where schooling.record_no = child.record_no);

-- rule: KJ-EDU-011
-- title: 在读的义务教育学生没有学籍号 | A pupil of compulsory schooling without a student number
-- source: 教育部 全国学籍号
-- scope: record · effect: none · fields: schooling.student_no, schooling.end_date, schooling.never_enrolled, schooling.stage, schooling.status
-- fix: 补填学籍号 | Give the student number
select schooling.record_no, schooling.item_no, schooling.student_no as found, null as expected
from schooling
where
  schooling.status = '01'
  and schooling.end_date is null
  and schooling.stage in ('primary', 'junior')
  and schooling.student_no is null
  and coalesce(schooling.never_enrolled, false) = false
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = schooling.record_no
      and unknown_fact.item_no = schooling.item_no
      and unknown_fact.table_name = 'schooling'
      and unknown_fact.column_name = 'student_no'
  );

-- rule: KJ-EDU-012
-- title: 辍学日期早于就学起始日期 | Dropped out before the schooling starts
-- message: 辍学日期早于就学起始日期（{title}为{found}，不应早于{expected}） | Dropped out before the schooling starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: record · fields: schooling.drop_out_date, schooling.start_date
-- fix: 核对前后两个日期 | Check both dates
select schooling.record_no, schooling.item_no, schooling.drop_out_date as found, schooling.start_date as expected
from schooling
where schooling.drop_out_date < schooling.start_date;

-- rule: KJ-EDU-013
-- title: 在读，却有辍学日期 | At school, yet there is a day of dropping out
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: schooling.status, header.period_end, schooling.drop_out_date, schooling.end_date, schooling.start_date
-- fix: 核对学生状态和辍学日期；复学的填写05 | Check the status and the day
select schooling.record_no, schooling.item_no, schooling.status as found, null as expected
from schooling
cross join header
where
  schooling.status = '01'
  and schooling.end_date is null
  and schooling.drop_out_date >= schooling.start_date
  and schooling.drop_out_date <= header.period_end;

-- rule: KJ-EDU-014
-- title: 辍学日期晚于报送截止日期 | Dropped out after the day of the submission
-- message: 辍学日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Dropped out after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: schooling.drop_out_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select schooling.record_no, schooling.item_no, schooling.drop_out_date as found, header.period_end as expected
from schooling
cross join header
where schooling.drop_out_date > header.period_end;

-- rule: KJ-EDU-015
-- title: 辍学没有辍学日期 | Dropped out without the day
-- source: 豫政办〔2017〕47号 五(三) 控辍保学
-- scope: record · effect: none · fields: schooling.drop_out_date, schooling.end_date, schooling.status
-- fix: 补填辍学日期 | Give the day
select schooling.record_no, schooling.item_no, schooling.drop_out_date as found, null as expected
from schooling
where
  schooling.status in ('03', '04', '06')
  and schooling.end_date is null
  and schooling.drop_out_date is null
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = schooling.record_no
      and unknown_fact.item_no = schooling.item_no
      and unknown_fact.table_name = 'schooling'
      and unknown_fact.column_name = 'drop_out_date'
  );

-- rule: KJ-EDU-016
-- title: 标为从未入学，学生状态却为在读 | Never enrolled, yet at school
-- message: 标为从未入学，学生状态却为在读（{title}：{found}） | Never enrolled, yet at school ({name}: {found})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: schooling.status, schooling.never_enrolled, schooling.school_code, schooling.school_name, schooling.student_no
-- fix: 改正学生状态，或改正是否未入学 | Correct the status or the flag
select schooling.record_no, schooling.item_no, schooling.status as found, null as expected
from schooling
where
  schooling.never_enrolled = true
  and schooling.status = '01'
  and schooling.school_name is null
  and schooling.school_code is null
  and schooling.student_no is null;

-- rule: KJ-EDU-017
-- title: 教育形式为特殊教育，却没有登记残疾 | Special or inclusive schooling without a recorded disability
-- message: 教育形式为特殊教育，却没有登记残疾（{title}：{found}） | Special or inclusive schooling without a recorded disability ({name}: {found})
-- source: 豫政办〔2017〕47号 五(三) 随班就读;特教学校或特教班
-- scope: record · effect: none · fields: schooling.mode
-- fix: 补录残疾，或改正教育形式 | Record the disability, or correct the mode
select schooling.record_no, schooling.item_no, schooling.mode as found, 'ordinary' as expected
from schooling
where
  schooling.mode in ('inclusive', 'special_school', 'institution_class', 'home')
  and not exists (select 1 from disability where disability.record_no = schooling.record_no)
  and not exists (select 1 from illness where illness.record_no = schooling.record_no);

-- rule: KJ-EDU-018
-- title: 学校没有为在校困境儿童登记建档 | The school did not register a child in difficulty
-- source: 豫政办〔2017〕47号 六(二) 在校困境儿童的登记、建档
-- scope: record · effect: none · fields: schooling.school_registered, case_file.status, schooling.end_date, schooling.status
-- fix: 请学校登记建档 | Ask the school to register the child
select schooling.record_no, schooling.item_no, schooling.school_registered as found, true as expected
from schooling
join case_file using (record_no)
where
  case_file.status = 'open'
  and schooling.status = '01'
  and schooling.end_date is null
  and schooling.school_registered = false;

-- rule: KJ-EDU-019
-- title: 标为随迁就读，儿童却不是随迁子女 | A migrant pupil, but the child is no migrant
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.migrant_pupil, child.migrant
-- fix: 核对是否随迁就读和是否随迁子女 | Check both flags
select schooling.record_no, schooling.item_no, schooling.migrant_pupil as found, false as expected
from schooling
join child using (record_no)
where schooling.migrant_pupil = true and child.migrant = false;

-- rule: KJ-EDU-020
-- title: 两段就学时间重叠 | Two spells of schooling overlap in time
-- message: 两段就学时间重叠（{title}：{found}） | Two spells of schooling overlap in time ({name}: {found})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: schooling.start_date, schooling.end_date
-- fix: 核对两段就学的起止日期 | Check the dates of both
select schooling.record_no, schooling.item_no, schooling.start_date as found, null as expected
from schooling
where
  exists (
    select 1
    from schooling as earlier
    where
      earlier.record_no = schooling.record_no
      and earlier.item_no < schooling.item_no
      and (earlier.end_date is not null or schooling.end_date is not null)
      and earlier.start_date < coalesce(schooling.end_date, date '9999-12-31')
      and schooling.start_date < coalesce(earlier.end_date, date '9999-12-31')
  );
