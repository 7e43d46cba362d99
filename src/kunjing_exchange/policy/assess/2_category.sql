-- category: A
-- title: 孤儿 | Orphan
-- source: 豫政办〔2017〕47号 四(一)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: both_lost · 父母双方死亡、失踪或查找不到 | both parents are dead, missing or can't be found · parent_situation.parent, parent_situation.situation
-- condition: not_adopted · 未被依法收养 | not adopted · care_arrangement.kind
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  parents.both_lost,
  not placement.adopted as not_adopted
from subject
join parents using (record_no)
join placement using (record_no)
cross join edition;

-- category: B
-- title: 特困儿童 | Destitute child
-- source: 豫政办〔2017〕47号 四(二)
-- condition: under_age · 未满特困规定年龄且在世 | under the age limit of 特困 and alive · child.birth_date, child.death_date
-- condition: no_labour_capacity · 无劳动能力 | no capacity to work · circumstances.labour_capacity
-- condition: no_income · 无生活来源 | no source of income · circumstances.income_source
-- condition: supporters_unable · 法定抚养人无抚养能力 | the legal supporters are unable to support · circumstances.supporters_able
select
  subject.record_no,
  subject.alive and subject.age_years < edition.destitute_age_limit as under_age,
  not circumstances.labour_capacity as no_labour_capacity,
  not circumstances.income_source as no_income,
  not circumstances.supporters_able as supporters_unable
from subject
left join circumstances using (record_no)
cross join edition;

-- category: C
-- title: 重病重残儿童 | Severely ill or disabled child
-- source: 豫政办〔2017〕47号 四(三)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: severe · 患名录内重大疾病，或残疾等级为二级及以上 | an illness on the province's list, or disability of grade 1 or 2 · disability.disability_grade, disability.expiry_date, illness.disease_list, child.health_status
-- condition: difficulty · 因此医疗、康复、照料、护理或社会融入有困难 | medical care, rehabilitation, care or taking part is in difficulty · circumstances.medical_difficulty, circumstances.care_difficulty
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  condition_now.severe,
  circumstances.medical_difficulty or circumstances.care_difficulty as difficulty
from subject
join condition_now using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: D
-- title: 贫困家庭儿童 | Child of a poor family
-- source: 豫政办〔2017〕47号 四(四)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: minimum_living · 家庭符合城乡低保条件 | the household meets the conditions of minimum living (低保) · household_hardship.kind, household.income_per_head
-- condition: difficulty · 就医、就学或基本生活有困难 | medical care, schooling or basic living is in difficulty · circumstances.medical_difficulty, circumstances.schooling_difficulty, circumstances.living_difficulty
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  household_now.minimum_living,
  circumstances.medical_difficulty or circumstances.schooling_difficulty or circumstances.living_difficulty as difficulty
from subject
join household_now using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-1
-- title: 打拐解救儿童 | Child rescued from trafficking
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 属打拐解救 | rescued from trafficking · circumstances.hardship_kind, circumstances.sudden_hardship
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: no_caring_parent · 没有查明有能力照料的父母 | no parent is known who cares and is able to · parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  coalesce(
    circumstances.hardship_kind = 'trafficking_rescued',
    case when circumstances.sudden_hardship = false and not coalesce(circumstances.shelter_needed, false) then false end
  ) as befallen,
  circumstances.shelter_needed,
  coalesce(not parents.any_cares, true) as no_caring_parent
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-2
-- title: 服刑人员子女 | Child of a prisoner
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 父亲或母亲正在服刑 | a parent is in prison · parent_situation.parent, parent_situation.situation, circumstances.hardship_kind
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: no_caring_parent · 另一方父母不能照料 | no other parent cares and is able to · parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  parents.in_prison or (parents.in_prison is null and circumstances.hardship_kind = 'parent_in_prison') as befallen,
  circumstances.shelter_needed,
  not parents.any_cares as no_caring_parent
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-3
-- title: 强制隔离戒毒人员子女 | Child of a person in compulsory drug rehabilitation
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 父亲或母亲正在强制隔离戒毒 | a parent is in compulsory drug rehabilitation · parent_situation.parent, parent_situation.situation, circumstances.hardship_kind
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: no_caring_parent · 另一方父母不能照料 | no other parent cares and is able to · parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  parents.in_rehabilitation or (parents.in_rehabilitation is null and circumstances.hardship_kind = 'parent_in_rehabilitation')
    as befallen,
  circumstances.shelter_needed,
  not parents.any_cares as no_caring_parent
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-4
-- title: 受虐待儿童 | Abused child
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 受到虐待 | abused · circumstances.hardship_kind, circumstances.sudden_hardship
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: no_caring_parent · 没有另一方父母能够照料 | no parent cares and is able to · parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  coalesce(
    circumstances.hardship_kind = 'abused',
    case when circumstances.sudden_hardship = false and not coalesce(circumstances.shelter_needed, false) then false end
  ) as befallen,
  circumstances.shelter_needed,
  not parents.any_cares as no_caring_parent
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-5
-- title: 被恶意弃养儿童 | Maliciously abandoned child
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 被恶意弃养 | maliciously abandoned · circumstances.hardship_kind, circumstances.sudden_hardship
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: no_caring_parent · 没有查明有能力照料的父母 | no parent is known who cares and is able to · parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  coalesce(
    circumstances.hardship_kind = 'abandoned',
    case when circumstances.sudden_hardship = false and not coalesce(circumstances.shelter_needed, false) then false end
  ) as befallen,
  circumstances.shelter_needed,
  coalesce(not parents.any_cares, true) as no_caring_parent
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: E-6
-- title: 其他突发困难或监护缺失、监护不当的儿童 | Other sudden hardship, guardianship missing or improper
-- source: 豫政办〔2017〕47号 四(五)
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: befallen · 遭遇突发性、紧迫性、临时性困难，或监护缺失、监护不当 | hit by a sudden, urgent, temporary hardship, or guardianship missing or improper · circumstances.hardship_kind, circumstances.sudden_hardship, case_file.guardianship_status
-- condition: shelter_needed · 需要临时救助庇护 | in need of temporary help or shelter · circumstances.shelter_needed
-- condition: not_cared_for · 困难来自突发事件，或父母不能照料 | the hardship is a sudden event, or no parent cares and is able to · circumstances.hardship_kind, parent_situation.situation, parent_situation.care_given
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  coalesce(
    circumstances.hardship_kind in ('guardianship_missing', 'guardianship_improper', 'disaster', 'other'),
    -- 未监护 is 监护缺失, sudden or not
    case when subject.guardianship_status = 'C' then true end,
    case when circumstances.sudden_hardship = false and not coalesce(circumstances.shelter_needed, false) then false end
  ) as befallen,
  circumstances.shelter_needed,
  circumstances.hardship_kind = 'disaster' or not parents.any_cares as not_cared_for
from subject
join parents using (record_no)
left join circumstances using (record_no)
cross join edition;

-- category: F
-- title: 事实无人抚养儿童 | Child without actual care
-- source: 民发〔2019〕62号;民发〔2020〕125号
-- when: unattended_from
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date, child.death_date
-- condition: both_absent · 父母双方各有规定情形，期限足够且未履行抚养 | each parent is in one of the situations, for long enough and giving no care · parent_situation.parent, parent_situation.situation, parent_situation.start_date, parent_situation.care_given
-- condition: no_orphan · 并非父母双方死亡或失踪（那是孤儿） | not both parents dead or missing (that is an orphan) · parent_situation.parent, parent_situation.situation
select
  subject.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  absence.both_absent,
  not parents.both_lost as no_orphan
from subject
join absence using (record_no)
join parents using (record_no)
cross join edition;
