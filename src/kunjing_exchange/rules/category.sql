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
-- message: 认定为特困儿童时已年满规定年龄（{title}为{found}，对照{expected}） | Recognised as destitute at or past the age limit ({name} is {found}, compared with {expected})
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
-- message: 认定困境儿童时已年满规定年龄（{title}为{found}，对照{expected}） | Recognised at or past the age limit ({name} is {found}, compared with {expected})
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
-- message: 其他困境儿童的小类与困境情形不符（{title}为{found}，应为{expected}） | The kind of other difficulty differs from what befell the child ({name} is {found}, expected {expected})
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
-- message: 认定日期早于出生日期（{title}为{found}，不应早于{expected}） | Recognised before the birth ({name} is {found}, not before {expected})
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
-- message: 重复认定：同一时间有两项不得并存的认定（{title}：{found}） | Recognised twice at the same time ({name}: {found})
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
-- message: 认定终止日期早于认定日期（{title}为{found}，不应早于{expected}） | A recognition ends before it starts ({name} is {found}, not before {expected})
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
-- message: 按本方案认定的日期早于方案实施（{title}为{found}，不应早于{expected}） | Recognised by the scheme before the scheme was in force ({name} is {found}, not before {expected})
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
-- message: 档案已结案而认定未终止（{title}为{found}，不应晚于{expected}） | The file is closed and the recognition is not ended ({name} is {found}, not after {expected})
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

-- rule: KJ-CAT-017
-- title: 认定为特困儿童，家庭成员中的父亲或母亲却有抚养能力 | Recognised as destitute although a parent in the household is able to support
-- source: 豫政办〔2017〕47号 四(二)
-- scope: record · effect: none · fields: determination.category, child.birth_date, determination.end_date, determination.scheme, determination.start_date, member.able_to_support, member.relation_to_child
-- fix: 核对成员的抚养能力；不符合的改按其他类别认定 | Check the member, or recognise another category
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join child using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'B'
  and determination.end_date is null
  and age(child.birth_date, determination.start_date) < edition.destitute_age_limit
  and exists (
    select 1
    from member
    where
      member.record_no = determination.record_no
      and member.relation_to_child in ('51', '52')
      and member.able_to_support = true
  );

-- rule: KJ-CAT-018
-- title: 认定为孤儿，却没有登记父母状况 | Recognised as an orphan without the situations of the parents
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: none · fields: determination.category, determination.scheme
-- fix: 补录父母状况 | Record the parents' situations
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'A'
  and not exists (select 1 from parent_situation where parent_situation.record_no = determination.record_no);

-- rule: KJ-CAT-019
-- title: 认定为孤儿，只登记了父母一方的状况 | Recognised as an orphan with the situation of one parent only
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: none · fields: determination.category, determination.scheme, parent_situation.parent
-- fix: 补录另一方的状况 | Record the other parent's situation
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'A'
  and exists (select 1 from parent_situation where parent_situation.record_no = determination.record_no)
  and (
    not exists (
      select 1
      from parent_situation
      where parent_situation.record_no = determination.record_no and parent_situation.parent = 'father'
    )
    or not exists (
      select 1
      from parent_situation
      where parent_situation.record_no = determination.record_no and parent_situation.parent = 'mother'
    )
  );

-- rule: KJ-CAT-020
-- title: 认定为孤儿，父亲或母亲失踪却没有证明文书 | Recognised as an orphan, but nothing proves that the parent is missing
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: none · fields: parent_situation.document_no, determination.category, determination.scheme, parent_situation.situation
-- fix: 补填宣告失踪等文书编号 | Give the number of the declaration
select parent_situation.record_no, parent_situation.item_no, parent_situation.document_no as found, null as expected
from parent_situation
cross join edition
where
  parent_situation.situation = '10'
  and parent_situation.document_no is null
  and exists (
    select 1
    from determination
    where
      determination.record_no = parent_situation.record_no
      and determination.scheme = edition.scheme
      and determination.category = 'A'
  );

-- rule: KJ-CAT-021
-- title: 认定为服刑或强制戒毒人员子女，父母却没有相应状况 | Recognised as a child of a prisoner or of one in rehabilitation, but neither parent is
-- message: 认定为服刑或强制戒毒人员子女，父母却没有相应状况（{title}：{found}） | Recognised as a child of a prisoner or of one in rehabilitation, but neither parent is ({name}: {found})
-- source: 豫政办〔2017〕47号 四(五)
-- scope: record · effect: none · fields: determination.category, determination.scheme, parent_situation.situation
-- fix: 核对父母状况和困境类别 | Check the parents' situations and the category
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category in ('E-2', 'E-3')
  and exists (select 1 from parent_situation where parent_situation.record_no = determination.record_no)
  and not exists (
    select 1
    from parent_situation
    where
      parent_situation.record_no = determination.record_no
      and parent_situation.situation = case determination.category when 'E-2' then '03' else '04' end
  );

-- rule: KJ-CAT-022
-- title: 认定为受虐待或被恶意弃养儿童，却没有安全保护记录 | Recognised as abused or abandoned without a record of protection
-- message: 认定为受虐待或被恶意弃养儿童，却没有安全保护记录（{title}：{found}） | Recognised as abused or abandoned without a record of protection ({name}: {found})
-- source: 豫政办〔2017〕47号 四(五);六(一) 强制报告
-- scope: record · effect: none · fields: determination.category, determination.scheme
-- fix: 补录报告和处置情况 | Record the report and what was done
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category in ('E-4', 'E-5')
  and not exists (select 1 from safety_event where safety_event.record_no = determination.record_no);

-- rule: KJ-CAT-023
-- title: 认定为重病重残儿童，就医和照料却都没有困难 | Recognised as severely ill or disabled, but neither medical care nor care is in difficulty
-- source: 豫政办〔2017〕47号 四(三) 导致医疗、康复、照料、护理和社会融入等困难
-- scope: record · effect: none · fields: determination.category, circumstances.care_difficulty, circumstances.medical_difficulty, determination.end_date, determination.scheme
-- fix: 核对困难情形；社会融入困难的在备注中说明 | Check the circumstances
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join circumstances using (record_no)
cross join edition
where
  determination.scheme = edition.scheme
  and determination.category = 'C'
  and determination.end_date is null
  and circumstances.medical_difficulty = false
  and circumstances.care_difficulty = false;

-- rule: KJ-CAT-024
-- title: 认定为贫困家庭儿童，家庭困难身份却都已终止 | Recognised as of a poor household, but every recognition of the household has ended
-- source: 豫政办〔2017〕47号 四(四);五(一) 应退尽退
-- scope: record · effect: none · fields: determination.category, case_file.status, determination.end_date, determination.scheme, header.period_end, household_hardship.end_date, household_hardship.kind, household_hardship.start_date
-- fix: 核实家庭是否仍符合条件；不符合的终止认定 | Check the household, or end the recognition
select determination.record_no, determination.item_no, determination.category as found, null as expected
from determination
join case_file using (record_no)
cross join header
cross join edition
where
  case_file.status <> 'closed'
  and determination.scheme = edition.scheme
  and determination.category = 'D'
  and determination.end_date is null
  and exists (
    select 1
    from household_hardship
    where
      household_hardship.record_no = determination.record_no
      and household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living', 'registered_poor')
  )
  and not exists (
    select 1
    from household_hardship
    where
      household_hardship.record_no = determination.record_no
      and household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living', 'registered_poor')
      and coalesce(
        household_hardship.end_date >= header.period_end or household_hardship.end_date < household_hardship.start_date,
        true
      )
  );

-- rule: KJ-CAT-025
-- title: 同时有两项认定，没有标明主要类别 | Two recognitions at the same time and neither is the principal one
-- source: 豫政办〔2017〕47号 五(一)末款
-- scope: record · effect: none · fields: determination.principal, determination.category, determination.end_date, determination.scheme
-- fix: 标明主要类别 | Mark the principal one
select determination.record_no, determination.item_no, determination.principal as found, true as expected
from determination
where
  determination.end_date is null
  and exists (
    select 1
    from determination as earlier
    where
      earlier.record_no = determination.record_no
      and earlier.scheme = determination.scheme
      and earlier.item_no < determination.item_no
      and earlier.end_date is null
      and earlier.category <> determination.category
  )
  and not exists (
    select 1
    from determination as principal
    where
      principal.record_no = determination.record_no
      and principal.end_date is null
      and principal.principal = true
  );

-- rule: KJ-CAT-026
-- title: 认定日期晚于报送截止日期 | Recognised after the day of the submission
-- message: 认定日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | Recognised after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四
-- scope: record · effect: none · fields: determination.start_date, child.birth_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  determination.record_no,
  determination.item_no,
  determination.start_date as found,
  header.period_end as expected
from determination
join child using (record_no)
cross join header
cross join edition
where
  determination.start_date > header.period_end
  and coalesce(age(child.birth_date, determination.start_date) < edition.child_age_limit, true);

-- rule: KJ-CAT-027
-- title: 认定已终止，没有写明原因 | A recognition ended without the reason
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: none · fields: determination.end_reason, determination.end_date, determination.start_date
-- fix: 补填终止原因 | Give the reason
select determination.record_no, determination.item_no, determination.end_reason as found, null as expected
from determination
where determination.end_date >= determination.start_date and determination.end_reason is null;

-- rule: KJ-CAT-028
-- title: 有终止原因，认定却未终止 | There is a reason of ending, but the recognition goes on
-- message: 有终止原因，认定却未终止（{title}：{found}） | There is a reason of ending, but the recognition goes on ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: none · fields: determination.end_reason, case_file.status, determination.end_date
-- fix: 填写终止日期，或删去终止原因 | End the recognition, or remove the reason
select determination.record_no, determination.item_no, determination.end_reason as found, null as expected
from determination
join case_file using (record_no)
where
  case_file.status <> 'closed'
  and determination.end_date is null
  and determination.end_reason is not null;

-- rule: KJ-CAT-029
-- title: 因死亡终止认定，却没有死亡日期 | A recognition ended because the child died, without the day of death
-- message: 因死亡终止认定，却没有死亡日期（{title}：{found}） | A recognition ended because the child died, without the day of death ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: record · effect: record · fields: determination.end_reason, case_file.exit_reason, child.death_date
-- fix: 补填死亡日期，或改正终止原因 | Give the day, or correct the reason
select determination.record_no, determination.item_no, determination.end_reason as found, null as expected
from determination
join child using (record_no)
join case_file using (record_no)
where
  determination.end_reason = 'died'
  and child.death_date is null
  and coalesce(case_file.exit_reason <> 'died', true);
