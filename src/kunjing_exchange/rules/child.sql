-- rule: KJ-CHILD-001
-- title: 出生日期晚于报送截止日期 | The birth date is after the day of the submission
-- message: 出生日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The birth date is after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: record · fields: child.birth_date, header.period_end
-- fix: 核对出生日期 | Check the birth date
select child.record_no, child.birth_date as found, header.period_end as expected
from child
cross join header
where child.birth_date > header.period_end;

-- rule: KJ-CHILD-002
-- title: 死亡日期早于出生日期 | The death date is before the birth date
-- message: 死亡日期早于出生日期（{title}为{found}，不应早于{expected}） | The death date is before the birth date ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: child.death_date, child.birth_date
-- fix: 核对死亡日期和出生日期 | Check both dates
select child.record_no, child.death_date as found, child.birth_date as expected
from child
where child.death_date < child.birth_date;

-- rule: KJ-CHILD-003
-- title: 儿童已年满规定年龄而档案仍在册 | The child is past the age limit and the file is still open
-- message: 儿童已年满规定年龄而档案仍在册（{title}为{found}，对照{expected}） | The child is past the age limit and the file is still open ({name} is {found}, compared with {expected})
-- source: 豫政办〔2017〕47号 四;五(一) 应退尽退
-- scope: record · effect: none · fields: child.birth_date, case_file.status, header.period_end
-- fix: 核实是否应当结案；在校继续保障的说明依据 | Close the file, or say on what ground support goes on
select child.record_no, child.birth_date as found, edition.child_age_limit as expected
from child
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status <> 'closed'
  and age(child.birth_date, header.period_end) >= edition.child_age_limit;

-- rule: KJ-CHILD-004
-- title: 没有证件号码，也没有写明无证件原因 | Neither an identity number nor the reason there is none
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: record · effect: none · fields: child.document_absence, child.id_number
-- fix: 补填证件号码，或写明无证件原因 | Give the number, or the reason there is none
select child.record_no, child.document_absence as found, null as expected
from child
where
  child.id_number is null
  and child.document_absence is null
  and not exists (
    select 1
    from unknown_fact
    where
      unknown_fact.record_no = child.record_no
      and unknown_fact.table_name = 'child'
      and unknown_fact.column_name = 'id_number'
  );

-- rule: KJ-CHILD-005
-- title: 留守起始日期早于出生日期 | Left behind since before the birth
-- message: 留守起始日期早于出生日期（{title}为{found}，不应早于{expected}） | Left behind since before the birth ({name} is {found}, not before {expected})
-- source: 国发〔2016〕13号
-- scope: record · effect: record · fields: child.left_behind_since, child.birth_date
-- fix: 核对留守起始日期 | Check since when the child is left behind
select child.record_no, child.left_behind_since as found, child.birth_date as expected
from child
where child.left_behind_since < child.birth_date;

-- rule: KJ-CHILD-006
-- title: 填了留守起始日期，却不是留守儿童 | There is a day since when, but the child is not left behind
-- source: 国发〔2016〕13号
-- scope: record · effect: record · fields: child.left_behind, child.left_behind_since
-- fix: 改正是否留守，或删去起始日期 | Correct the flag or remove the date
select child.record_no, child.left_behind as found, true as expected
from child
where child.left_behind = false and child.left_behind_since is not null;

-- rule: KJ-CHILD-007
-- title: 随迁起始日期早于出生日期 | A migrant since before the birth
-- message: 随迁起始日期早于出生日期（{title}为{found}，不应早于{expected}） | A migrant since before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: child.migrant_since, child.birth_date
-- fix: 核对随迁起始日期 | Check since when the child is a migrant
select child.record_no, child.migrant_since as found, child.birth_date as expected
from child
where child.migrant_since < child.birth_date;

-- rule: KJ-CHILD-008
-- title: 死亡日期晚于报送截止日期 | The day of death is after the day of the submission
-- message: 死亡日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The day of death is after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: none · fields: child.death_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select child.record_no, child.death_date as found, header.period_end as expected
from child
cross join header
where child.death_date > header.period_end;

-- rule: KJ-CHILD-009
-- title: 留守起始日期晚于报送截止日期 | Left behind since a day after the day of the submission
-- message: 留守起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Left behind since a day after the day of the submission ({name} is {found}, not after {expected})
-- source: 国发〔2016〕13号
-- scope: record · effect: none · fields: child.left_behind_since, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select child.record_no, child.left_behind_since as found, header.period_end as expected
from child
cross join header
where child.left_behind_since > header.period_end;

-- rule: KJ-CHILD-010
-- title: 随迁起始日期晚于报送截止日期 | A migrant since a day after the day of the submission
-- message: 随迁起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A migrant since a day after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: child.migrant_since, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select child.record_no, child.migrant_since as found, header.period_end as expected
from child
cross join header
where child.migrant_since > header.period_end;

-- rule: KJ-CHILD-011
-- title: 标为随迁子女，居住地却与户籍地相同 | A migrant who lives where the registration is
-- message: 标为随迁子女，居住地却与户籍地相同（{title}为{found}，应为{expected}） | A migrant who lives where the registration is ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: none · fields: child.migrant, child.hukou_division, child.residence_division
-- fix: 核对是否随迁子女、户籍地和居住地 | Check the flag and both places
select child.record_no, child.migrant as found, false as expected
from child
where child.migrant = true and child.hukou_division = child.residence_division;

-- rule: KJ-CHILD-012
-- title: 填了随迁起始日期，却不是随迁子女 | There is a day since when, but the child is no migrant
-- message: 填了随迁起始日期，却不是随迁子女（{title}为{found}，应为{expected}） | There is a day since when, but the child is no migrant ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: child.migrant, child.migrant_since
-- fix: 改正是否随迁子女，或删去起始日期 | Correct the flag or remove the date
select child.record_no, child.migrant as found, true as expected
from child
where child.migrant = false and child.migrant_since is not null;

-- rule: KJ-CHILD-013
-- title: 写明未落户，却有居民身份证号码 | Said to be unregistered, yet there is a resident id
-- message: 写明未落户，却有居民身份证号码（{title}：{found}） | Said to be unregistered, yet there is a resident id ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: record · effect: none · fields: child.document_absence, child.id_document_type, child.id_number
-- fix: 删去无证件原因，或核对证件号码 | Remove the reason, or check the number
select child.record_no, child.document_absence as found, null as expected
from child
where
  child.document_absence in ('foundling', 'unregistered')
  and child.id_document_type = '111'
  and child.id_number is not null;

-- rule: KJ-CHILD-014
-- title: 居民身份证持有人的国籍不是中国 | A resident id, but another nationality
-- message: 居民身份证持有人的国籍不是中国（{title}为{found}，应为{expected}） | A resident id, but another nationality ({name} is {found}, expected {expected})
-- source: GB 11643-1999;GB/T 2659-2000
-- scope: record · effect: none · fields: child.nationality, child.id_document_type, child.id_number
-- fix: 核对国籍和身份证件类型 | Check the nationality and the kind of document
select child.record_no, child.nationality as found, 'CHN' as expected
from child
where
  child.id_document_type = '111'
  and child.id_number is not null
  and child.nationality <> 'CHN';

-- rule: KJ-CHILD-015
-- title: 登记了残疾，健康状况却为健康 | A disability is recorded, yet the state of health is good
-- message: 登记了残疾，健康状况却为健康（{title}：{found}） | A disability is recorded, yet the state of health is good ({name}: {found})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: none · fields: child.health_status, disability.disability_grade
-- fix: 核对健康状况和残疾 | Check the state of health and the disability
select child.record_no, child.health_status as found, '60' as expected
from child
where
  child.health_status = '10'
  and exists (
    select 1
    from disability
    where disability.record_no = child.record_no and disability.disability_grade in ('1', '2')
  );

-- rule: KJ-CHILD-016
-- title: 曾用名与姓名相同 | The former name is the present one
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: record · effect: none · fields: child.former_name, child.name
-- fix: 改正曾用名，或删去 | Correct the former name, or remove it
select child.record_no, child.former_name as found, child.name as expected
from child
where child.former_name = child.name;

-- rule: KJ-CHILD-017
-- title: 未落常住户口，却有户籍地 | Not yet registered, yet there is a place of registration
-- message: 未落常住户口，却有户籍地（{title}：{found}） | Not yet registered, yet there is a place of registration ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: record · effect: none · fields: child.hukou_type, child.hukou_division
-- fix: 核对户口类型和户籍地 | Check the kind and the place of registration
select child.record_no, child.hukou_type as found, null as expected
from child
where child.hukou_type = '0' and child.hukou_division is not null;
