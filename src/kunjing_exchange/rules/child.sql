-- rule: KJ-CHILD-001
-- title: 出生日期晚于报送截止日期 | The birth date is after the day of the submission
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: record · fields: child.birth_date, header.period_end
-- fix: 核对出生日期 | Check the birth date
select child.record_no, child.birth_date as found, header.period_end as expected
from child
cross join header
where child.birth_date > header.period_end;

-- rule: KJ-CHILD-002
-- title: 死亡日期早于出生日期 | The death date is before the birth date
-- source: 豫政办〔2017〕47号 五(一)
-- scope: record · effect: record · fields: child.death_date, child.birth_date
-- fix: 核对死亡日期和出生日期 | Check both dates
select child.record_no, child.death_date as found, child.birth_date as expected
from child
where child.death_date < child.birth_date;

-- rule: KJ-CHILD-003
-- title: 儿童已年满规定年龄而档案仍在册 | The child is past the age limit and the file is still open
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
-- source: 豫政办〔2017〕47号 五(三)
-- scope: record · effect: record · fields: child.migrant_since, child.birth_date
-- fix: 核对随迁起始日期 | Check since when the child is a migrant
select child.record_no, child.migrant_since as found, child.birth_date as expected
from child
where child.migrant_since < child.birth_date;
