-- rule: KJ-CAT-001
-- title: 认定为孤儿，但父亲或母亲并非死亡、失踪或查找不到 | Recognised as an orphan, but a parent is neither dead nor missing nor unknown
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: record · fields: determination.category, determination.scheme, parent_situation.parent, parent_situation.situation
-- fix: 核对父母状况；不符合的改按其他类别认定 | Check the parents' situations, or recognise another category
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'A'
  and exists (
    select 1
    from parent_situation
    where
      parent_situation.record_no = determination.record_no
      and not exists (
        select 1
        from parent_situation as lost
        where
          lost.record_no = parent_situation.record_no
          and lost.parent = parent_situation.parent
          and lost.situation in ('09', '10', '11')
      )
  );

-- rule: KJ-CAT-002
-- title: 认定为特困儿童，但有劳动能力、有生活来源或抚养人有抚养能力 | Recognised as destitute although there is labour capacity, income or an able supporter
-- source: 豫政办〔2017〕47号 四(二)
-- scope: record · effect: record · fields: determination.category, circumstances.income_source, circumstances.labour_capacity, circumstances.supporters_able, determination.end_date, determination.scheme, header.period_end
-- fix: 核对困难情形的三项；不符合的改按其他类别认定 | Check the three circumstances, or recognise another category
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join circumstances using (record_no)
cross join header
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'B'
  and coalesce(determination.end_date >= header.period_end, true)
  and (
    circumstances.labour_capacity = true
    or circumstances.income_source = true
    or circumstances.supporters_able = true
  );

-- rule: KJ-CAT-003
-- title: 认定为特困儿童时已年满规定年龄 | Recognised as destitute at or past the age limit
-- source: 豫政办〔2017〕47号 四(二)
-- scope: record · effect: record · fields: determination.start_date, child.birth_date, determination.category, determination.scheme
-- fix: 核对认定日期和出生日期；不符合的改按其他类别认定 | Check the dates, or recognise another category
select
  determination.record_no,
  determination.item_no,
  determination.start_date as found,
  edition.destitute_age_limit as expected
from determination
join child using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'B'
  and age(child.birth_date, determination.start_date) >= edition.destitute_age_limit
  and age(child.birth_date, determination.start_date) < edition.child_age_limit;

-- rule: KJ-CAT-004
-- title: 特困儿童已年满规定年龄而认定未终止 | Still recognised as destitute past the age limit
-- source: 豫政办〔2017〕47号 四(二);五(一) 应退尽退
-- scope: record · effect: none · fields: determination.end_date, child.birth_date, determination.category, determination.scheme, determination.start_date, header.period_end
-- fix: 核实是否终止认定；继续保障的说明依据 | End the recognition, or say on what ground support goes on
select
  determination.record_no,
  determination.item_no,
  determination.end_date as found,
  edition.destitute_age_limit as expected
from determination
join child using (record_no)
cross join header
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'B'
  and coalesce(determination.end_date > header.period_end, true)
  and age(child.birth_date, determination.start_date) < edition.destitute_age_limit
  and age(child.birth_date, header.period_end) >= edition.destitute_age_limit;

-- rule: KJ-CAT-005
-- title: 认定困境儿童时已年满规定年龄 | Recognised at or past the age limit
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: record · fields: determination.start_date, child.birth_date, determination.scheme
-- fix: 核对认定日期和出生日期 | Check the dates
select
  determination.record_no,
  determination.item_no,
  determination.start_date as found,
  edition.child_age_limit as expected
from determination
join child using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and age(child.birth_date, determination.start_date) >= edition.child_age_limit;

-- rule: KJ-CAT-006
-- title: 认定为重病重残儿童，但残疾等级和疾病都不在规定范围 | Recognised as severely ill or disabled, but neither grade nor illness qualifies
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: record · fields: determination.category, determination.scheme, disability.disability_grade, illness.disease_list
-- fix: 核对残疾等级和重大疾病名录 | Check the grade and the list of serious illnesses
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'C'
  and (
    exists (select 1 from disability where disability.record_no = determination.record_no)
    or exists (select 1 from illness where illness.record_no = determination.record_no)
  )
  and not exists (
    select 1
    from disability
    where
      disability.record_no = determination.record_no
      and coalesce(cast(disability.disability_grade as integer) <= edition.disability_grade_limit, true)
  )
  and not exists (
    select 1
    from illness
    where illness.record_no = determination.record_no and coalesce(illness.disease_list, 'listed') = 'listed'
  );

-- rule: KJ-CAT-007
-- title: 认定为重病重残儿童，却没有登记残疾或疾病 | Recognised as severely ill or disabled, but neither is recorded
-- source: 豫政办〔2017〕47号 四(三)
-- scope: record · effect: none · fields: determination.category, determination.scheme
-- fix: 补录残疾证或疾病诊断 | Record the certificate or the diagnosis
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'C'
  and not exists (select 1 from disability where disability.record_no = determination.record_no)
  and not exists (select 1 from illness where illness.record_no = determination.record_no);

-- rule: KJ-CAT-008
-- title: 认定为贫困家庭儿童，但家庭没有低保或建档立卡身份 | Recognised as of a poor household, but the household has no such recognition
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: none · fields: determination.category, determination.scheme, household_hardship.kind
-- fix: 补录家庭困难身份，或改正认定 | Record the household's recognition, or correct the category
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join household using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'D'
  and not exists (
    select 1
    from household_hardship
    where
      household_hardship.record_no = determination.record_no
      and household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living', 'registered_poor')
  );

-- rule: KJ-CAT-009
-- title: 认定为贫困家庭儿童，但就医、就学和基本生活都没有困难 | Recognised as of a poor household, but nothing is in difficulty
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: record · fields: determination.category, circumstances.living_difficulty, circumstances.medical_difficulty, circumstances.schooling_difficulty, determination.end_date, determination.scheme, header.period_end
-- fix: 核对困难情形，或终止认定 | Check the circumstances, or end the recognition
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join circumstances using (record_no)
cross join header
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'D'
  and coalesce(determination.end_date >= header.period_end, true)
  and circumstances.medical_difficulty = false
  and circumstances.schooling_difficulty = false
  and circumstances.living_difficulty = false;

-- rule: KJ-CAT-010
-- title: 其他困境儿童的小类与困境情形不符 | The kind of other difficulty differs from what befell the child
-- source: 豫政办〔2017〕47号 四(五)
-- scope: record · effect: none · fields: determination.category, circumstances.hardship_kind, determination.end_date, determination.scheme, header.period_end
-- fix: 核对困境类别和困境情形 | Check the category and the circumstances
select
  determination.record_no,
  determination.item_no,
  determination.category as found,
  case circumstances.hardship_kind
    when 'trafficking_rescued' then 'E-1'
    when 'parent_in_prison' then 'E-2'
    when 'parent_in_rehabilitation' then 'E-3'
    when 'abused' then 'E-4'
    when 'abandoned' then 'E-5'
    else 'E-6'
  end as expected
from determination
join circumstances using (record_no)
cross join header
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category like 'E-%'
  and coalesce(determination.end_date >= header.period_end, true)
  and determination.category <> case circumstances.hardship_kind
    when 'trafficking_rescued' then 'E-1'
    when 'parent_in_prison' then 'E-2'
    when 'parent_in_rehabilitation' then 'E-3'
    when 'abused' then 'E-4'
    when 'abandoned' then 'E-5'
    when 'guardianship_missing' then 'E-6'
    when 'guardianship_improper' then 'E-6'
    when 'disaster' then 'E-6'
    when 'other' then 'E-6'
  end;

-- rule: KJ-CAT-011
-- title: 认定为其他困境儿童，却写明不需要临时救助庇护 | Recognised for other difficulties, but no temporary help or shelter is needed
-- source: 豫政办〔2017〕47号 四(五)
-- scope: record · effect: none · fields: determination.category, circumstances.shelter_needed, determination.end_date, determination.scheme, header.period_end
-- fix: 核实是否需要临时救助庇护 | Check whether help or shelter is needed
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join circumstances using (record_no)
cross join header
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category like 'E-%'
  and coalesce(determination.end_date >= header.period_end, true)
  and circumstances.shelter_needed = false;

-- rule: KJ-CAT-012
-- title: 认定日期早于出生日期 | Recognised before the birth
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: record · fields: determination.start_date, child.birth_date
-- fix: 核对认定日期和出生日期 | Check both dates
select
  determination.record_no,
  determination.item_no,
  determination.start_date as found,
  child.birth_date as expected
from determination
join child using (record_no)
where determination.start_date < child.birth_date;

-- rule: KJ-CAT-013
-- title: 重复认定：同一时间有两项不得并存的认定 | Recognised twice at the same time
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复认定
-- scope: record · effect: record · fields: determination.category, determination.end_date, determination.principal, determination.scheme, determination.start_date
-- fix: 择高保留一项，终止另一项 | Keep the one of the higher rate and end the other
select
  determination.record_no,
  determination.item_no,
  determination.category as found,
  null as expected
from determination
where
  exists (
    select 1
    from determination as earlier
    where
      earlier.record_no = determination.record_no
      and earlier.scheme = determination.scheme
      and earlier.item_no < determination.item_no
      and (
        earlier.category = determination.category
        or (earlier.category in ('A', 'B', 'D') and determination.category in ('A', 'B', 'D'))
        or (earlier.principal = true and determination.principal = true)
      )
      and earlier.start_date <= coalesce(determination.end_date, date '9999-12-31')
      and determination.start_date <= coalesce(earlier.end_date, date '9999-12-31')
  );

-- rule: KJ-CAT-014
-- title: 认定终止日期早于认定日期 | A recognition ends before it starts
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: record · fields: determination.end_date, determination.start_date
-- fix: 核对起止日期 | Check both dates
select
  determination.record_no,
  determination.item_no,
  determination.end_date as found,
  determination.start_date as expected
from determination
where determination.end_date < determination.start_date;

-- rule: KJ-CAT-015
-- title: 按本方案认定的日期早于方案实施 | Recognised by the scheme before the scheme was in force
-- source: 豫政办〔2017〕47号
-- scope: record · effect: none · fields: determination.start_date, child.birth_date, determination.scheme
-- fix: 核对认定日期和认定方案 | Check the day and the scheme
select
  determination.record_no,
  determination.item_no,
  determination.start_date as found,
  edition.scheme_valid_from as expected
from determination
join child using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and determination.start_date < edition.scheme_valid_from
  and coalesce(determination.start_date >= child.birth_date, true);

-- rule: KJ-CAT-016
-- title: 档案已结案而认定未终止 | The file is closed and the recognition is not ended
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: determination.end_date, case_file.closed_on, case_file.opened_on, case_file.status
-- fix: 填写认定终止日期和原因 | End the recognition and say why
select
  determination.record_no,
  determination.item_no,
  determination.end_date as found,
  case_file.closed_on as expected
from determination
join case_file using (record_no)
where
  case_file.status = 'closed'
  and case_file.closed_on >= case_file.opened_on
  and coalesce(determination.end_date > case_file.closed_on, determination.end_date is null);
