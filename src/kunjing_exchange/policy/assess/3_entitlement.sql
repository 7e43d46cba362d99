-- What follows from the categories. holding: a to f, whether the facts or a recognition that no fact contradicts put the
-- child in a category; any_category. weight: due (by right), duty (of an office), service, local (by local means).

-- entitlement: orphan_allowance
-- field: subsistence · weight: due · choice: 1 · from: recognition · until: child_age_limit
-- benefit: orphan_allowance
-- title: 孤儿基本生活费 | Orphan allowance
-- source: 豫政办〔2017〕47号 五(一)1
-- condition: orphan · 属于孤儿 | is an orphan · category.A
-- gives: rate_kind
select
  holding.record_no,
  holding.a as orphan,
  case when placement.in_institution then 'institution_allowance' else 'orphan_allowance' end as rate_kind
from holding
join placement using (record_no);

-- entitlement: hiv_allowance
-- field: subsistence · weight: due · choice: 2 · from: recognition · until: child_age_limit
-- benefit: hiv_allowance
-- title: 艾滋病病毒感染儿童基本生活费 | Allowance of HIV-infected children, at the orphan rate
-- source: 豫政办〔2017〕47号 五(一)1
-- condition: under_age · 未满18周岁 | under 18 · child.birth_date
-- condition: infected · 感染艾滋病病毒 | HIV-infected · circumstances.hiv_infected
-- gives: rate_kind
select
  holding.record_no,
  subject.age_years < edition.child_age_limit as under_age,
  case when circumstances.hiv_infected is null and not exists (
    select 1 from benefit_now where benefit_now.record_no = holding.record_no and benefit_now.kind = 'hiv_allowance'
  ) and not exists (
    select 1 from unknown_fact where unknown_fact.record_no = holding.record_no and unknown_fact.column_name = 'hiv_infected'
  ) then false else circumstances.hiv_infected end as infected,
  'orphan_allowance' as rate_kind
from holding
join subject using (record_no)
left join circumstances using (record_no)
cross join edition;

-- entitlement: institution_allowance
-- field: subsistence · weight: due · choice: 3 · until: child_age_limit
-- benefit: institution_allowance
-- title: 机构收留抚养或临时监护儿童基本生活费，参照机构养育标准全额执行 | Allowance in institutional care or temporary custody, the institutional minimum in full
-- source: 豫政办〔2017〕47号 五(一)5
-- condition: other_child · 属于其他困境儿童 | is one of the other children in difficulty · category.E
-- condition: taken_in · 由民政部门或其机构收留抚养或临时监护 | taken in or in temporary custody by civil affairs · care_arrangement.kind, guardian.kind
-- gives: rate_kind
select
  holding.record_no,
  holding.e as other_child,
  placement.in_institution or placement.in_custody as taken_in,
  'institution_allowance' as rate_kind
from holding
join placement using (record_no);

-- entitlement: destitute_support
-- field: subsistence · weight: due · choice: 4 · from: recognition · until: destitute_age_limit
-- benefit: destitute_support
-- title: 特困人员救助供养 | Destitute support
-- source: 豫政办〔2017〕47号 五(一)2
-- condition: destitute · 属于特困儿童 | is a destitute child · category.B
-- gives: rate_kind
select record_no, holding.b as destitute, 'destitute_support' as rate_kind
from holding;

-- entitlement: minimum_living
-- field: subsistence · weight: due · choice: 5 · from: recognition · until: child_age_limit
-- benefit: minimum_living
-- title: 最低生活保障，适当提高标准 | Minimum living, at a raised standard
-- source: 豫政办〔2017〕47号 五(一)3
-- condition: ill_or_poor · 属于重病重残儿童或贫困家庭儿童 | is severely ill or disabled, or of a poor family · category.C, category.D
-- condition: meets_conditions · 符合低保条件（家庭，或按当地规定单人户） | meets the conditions of minimum living (the household, or as a single person where the place allows) · household_hardship.kind
-- gives: rate_kind
select
  holding.record_no,
  holding.c or holding.d as ill_or_poor,
  case
    when household_now.minimum_living then true
    when coalesce(holding.c, true) then null
    else household_now.minimum_living
  end as meets_conditions,
  'minimum_living' as rate_kind
from holding
join household_now using (record_no);

-- entitlement: unattended_allowance
-- field: subsistence · weight: due · choice: 1 · from: recognition · until: child_age_limit · when: unattended_from
-- benefit: unattended_allowance
-- title: 事实无人抚养儿童基本生活补贴 | Allowance of children without actual care
-- source: 民发〔2019〕62号
-- condition: unattended · 属于事实无人抚养儿童 | is a child without actual care · category.F
-- gives: rate_kind
select
  holding.record_no,
  holding.f as unattended,
  case when placement.in_institution then 'institution_allowance' else 'orphan_allowance' end as rate_kind
from holding
join placement using (record_no);

-- entitlement: temporary_assistance
-- field: subsistence · weight: due
-- benefit: temporary_assistance
-- title: 临时救助，适当提高标准 | Temporary assistance, raised
-- source: 豫政办〔2017〕47号 五(一)4
-- condition: under_age · 未满18周岁且在世 | under 18 and alive · child.birth_date
-- condition: sudden_hardship · 家庭遭遇突发性、紧迫性、临时性困难 | the family is in sudden, urgent, temporary hardship · circumstances.sudden_hardship
-- condition: with_a_family · 未由民政机构收留 | not taken in by an institution · care_arrangement.kind
-- gives: rate_kind
select
  holding.record_no,
  subject.alive and subject.age_years < edition.child_age_limit as under_age,
  circumstances.sudden_hardship,
  not placement.in_institution as with_a_family,
  'temporary_assistance' as rate_kind
from holding
join subject using (record_no)
join placement using (record_no)
left join circumstances using (record_no)
cross join edition;

-- entitlement: premium_in_full
-- field: medical · weight: due
-- title: 城乡居民医保个人缴费全额资助 | Residents' insurance: premium paid in full
-- source: 豫政办〔2017〕47号 五(二)
-- condition: destitute · 纳入特困人员救助供养 | taken into destitute support · category.B
-- gives: received
select
  holding.record_no,
  holding.b as destitute,
  exists (
    select 1 from insurance cross join reckoning
    where insurance.record_no = holding.record_no
      and insurance.year = reckoning.year and insurance.premium_subsidy = 'full'
  ) as received
from holding;

-- entitlement: premium_subsidy
-- field: medical · weight: due
-- title: 城乡居民医保个人缴费补贴 | Residents' insurance: premium subsidised
-- source: 豫政办〔2017〕47号 五(二)
-- condition: poor_or_severely_disabled · 低保家庭儿童或重残儿童 | child of a household with minimum living, or severely disabled · household_hardship.kind, disability.disability_grade, child.health_status
-- condition: not_in_full · 未按特困全额资助 | not paid in full as destitute · category.B
-- gives: received
select
  holding.record_no,
  (household_now.minimum_living or condition_now.severely_disabled) and subject.age_years < edition.child_age_limit
    as poor_or_severely_disabled,
  not coalesce(holding.b, false) as not_in_full,
  exists (
    select 1 from insurance cross join reckoning
    where insurance.record_no = holding.record_no
      and insurance.year = reckoning.year and insurance.premium_subsidy in ('full', 'part')
  ) as received
from holding
join subject using (record_no)
join household_now using (record_no)
join condition_now using (record_no)
cross join edition;

-- entitlement: medical_tilt
-- field: medical · weight: local
-- title: 基本医保、大病保险倾斜，医疗救助提高报销比例和封顶线 | Tilt of basic and serious-illness insurance; medical assistance with higher ratio and ceiling
-- source: 豫政办〔2017〕47号 五(二)
-- condition: severe · 属于重病重残儿童 | is a severely ill or disabled child · category.C
-- gives: received
select
  holding.record_no,
  holding.c as severe,
  exists (
    select 1 from insurance cross join reckoning
    where insurance.record_no = holding.record_no
      and insurance.year = reckoning.year and (insurance.ratio_raised = true or insurance.ceiling_raised = true)
  ) or exists (
    select 1 from benefit_now where benefit_now.record_no = holding.record_no and benefit_now.kind = 'medical_assistance'
  ) as received
from holding;

-- entitlement: supplementary_insurance
-- field: medical · weight: local
-- title: 困难群众大病补充医疗保险，符合条件的纳入 | Supplementary serious-illness insurance, for those who meet its conditions
-- source: 豫政办〔2017〕47号 五(二)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- gives: received
select
  holding.record_no,
  holding.any_category as in_difficulty,
  exists (
    select 1 from insurance cross join reckoning
    where insurance.record_no = holding.record_no
      and insurance.year = reckoning.year and insurance.supplementary = true
  ) as received
from holding;

-- entitlement: hearing_and_speech
-- field: medical · weight: service
-- title: 小儿行为听力测试、听力障碍语言训练纳入医保 | Hearing test and speech training covered by the insurance
-- source: 豫政办〔2017〕47号 五(二)
-- condition: deaf · 听力或言语残疾 | hearing or speech disability · disability.disability_class, child.health_status
-- gives: received
select
  holding.record_no,
  condition_now.deaf,
  exists (
    select 1 from service
    where service.record_no = holding.record_no
      and service.kind in ('hearing_test', 'speech_training') and service.start_date is not null
  ) as received
from holding
join condition_now using (record_no);

-- entitlement: free_schooling
-- field: education · weight: service · from: school_year · until: school_year
-- title: 义务教育到高中阶段12年免费教育 | Twelve years of free schooling, compulsory stage to senior
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: stage · 在小学、初中、普通高中、中等职业学校或特殊教育学校就读 | at primary, junior, senior, vocational or special school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  school.stage in ('primary', 'junior', 'senior', 'vocational', 'special') as stage
from holding
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: preschool_care_fee
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: preschool_care_fee
-- title: 学前教育保教费补助 | Preschool: care fee
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 3—6岁在园 | aged 3 to 6 and at preschool · schooling.stage, schooling.status, child.birth_date
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'preschool' and subject.age_years between 3 and 6 as stage,
  edition.preschool_care_fee as amount,
  'year' as unit
from holding
join subject using (record_no)
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: preschool_living
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: preschool_living
-- title: 学前教育生活补助 | Preschool: living subsidy
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 3—6岁在园 | aged 3 to 6 and at preschool · schooling.stage, schooling.status, child.birth_date
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'preschool' and subject.age_years between 3 and 6 as stage,
  edition.preschool_living as amount,
  'year' as unit
from holding
join subject using (record_no)
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: compulsory_living
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: compulsory_living
-- title: 义务教育生活补助，小学、初中分档 | Compulsory stage: living subsidy, primary or junior
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在小学或初中就读 | at primary or junior school · schooling.stage, schooling.status
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  case when school.stage = 'special' then null else school.stage in ('primary', 'junior') end as stage,
  case school.stage
    when 'primary' then edition.compulsory_living_primary
    when 'junior' then edition.compulsory_living_junior
  end as amount,
  'year' as unit
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: compulsory_fee_waiver
-- field: education · weight: service · from: school_year · until: school_year
-- benefit: compulsory_fee_waiver
-- title: 义务教育免学杂费、教科书费 | Compulsory stage: fees and books free
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: stage · 在小学、初中或特殊教育学校就读 | at primary, junior or special school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  school.stage in ('primary', 'junior', 'special') as stage
from holding
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: nutrition_plan
-- field: education · weight: service · from: school_year · until: school_year
-- benefit: nutrition_plan
-- title: 农村义务教育学生营养改善计划 | Nutrition plan of rural compulsory schools
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在小学或初中就读 | at primary or junior school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  case when school.stage = 'special' then null else school.stage in ('primary', 'junior') end as stage
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: senior_fee_waiver
-- field: education · weight: service · from: school_year · until: school_year
-- benefit: senior_fee_waiver
-- title: 普通高中免学费、住宿费 | Senior stage: fees and boarding free
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在普通高中就读 | at senior school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'senior' as stage
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: senior_grant
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: senior_grant
-- title: 普通高中国家助学金 | Senior stage: state grant
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在普通高中就读 | at senior school · schooling.stage, schooling.status
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'senior' as stage,
  edition.senior_grant as amount,
  'year' as unit
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: vocational_fee_waiver
-- field: education · weight: service · from: school_year · until: school_year
-- benefit: vocational_fee_waiver
-- title: 中等职业教育免学费 | Vocational: fees free
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: poor_or_migrant · 家庭建档立卡，或为随迁子女 | the household is registered as poor, or the child moved with its parents · household_hardship.kind, child.migrant
-- condition: stage · 在中等职业学校就读 | at vocational school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor or coalesce(subject.migrant, false) as poor_or_migrant,
  school.stage = 'vocational' as stage
from holding
join subject using (record_no)
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: vocational_grant
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: vocational_grant
-- title: 中等职业教育国家助学金 | Vocational: state grant
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在中等职业学校就读 | at vocational school · schooling.stage, schooling.status
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'vocational' as stage,
  edition.vocational_grant as amount,
  'year' as unit
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: rain_dew
-- field: education · weight: due · from: school_year · until: school_year
-- benefit: rain_dew
-- title: “雨露计划”扶贫助学补助 | Rain-dew plan
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: registered_poor · 家庭建档立卡 | the household is registered as poor (建档立卡) · household_hardship.kind
-- condition: stage · 在中等职业学校就读 | at vocational school · schooling.stage, schooling.status
-- gives: amount, unit
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  household_now.registered_poor,
  school.stage = 'vocational' as stage,
  edition.rain_dew as amount,
  'year' as unit
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: local_school_aid
-- field: education · weight: local · from: school_year · until: school_year
-- benefit: preschool_care_fee, preschool_living, compulsory_living, senior_grant, vocational_grant
-- title: 未建档立卡的由当地根据财力参照执行 | Not registered as poor: by local means, after the same pattern
-- source: 豫政办〔2017〕47号 五(三)
-- condition: in_difficulty · 属于困境儿童 | is a child in difficulty · category.any
-- condition: from_autumn_2017 · 2017年秋季学期起 | from the autumn term of 2017 · schooling.start_date
-- condition: not_registered_poor · 家庭未建档立卡 | the household is not registered as poor · household_hardship.kind
-- condition: stage · 在园或在校 | at preschool or school · schooling.stage, schooling.status
select
  holding.record_no,
  holding.any_category as in_difficulty,
  reckoning.day >= edition.free_education_from as from_autumn_2017,
  not household_now.registered_poor as not_registered_poor,
  school.stage in ('preschool', 'primary', 'junior', 'senior', 'vocational', 'special') as stage
from holding
join household_now using (record_no)
join school using (record_no)
cross join reckoning
cross join edition;

-- entitlement: inclusive_schooling
-- field: education · weight: service
-- title: 残疾儿童随班就读、特殊教育等支持保障 | Disabled children: inclusive or special schooling
-- source: 豫政办〔2017〕47号 五(三)
-- condition: disabled · 残疾儿童 | disabled · disability.disability_class, child.health_status
-- condition: school_age · 学龄 | of school age · child.birth_date
-- gives: received
select
  holding.record_no,
  condition_now.disabled,
  subject.age_years >= 6 and subject.age_years < edition.child_age_limit as school_age,
  coalesce(school.supported, false) as received
from holding
join subject using (record_no)
join condition_now using (record_no)
join school using (record_no)
cross join edition;

-- entitlement: schooling_where_they_live
-- field: education · weight: service
-- title: 随迁子女在流入地就学、升学考试 | Migrant pupils: schooling and examinations where they live
-- source: 豫政办〔2017〕47号 五(三)
-- condition: migrant · 随迁子女 | moved with its parents · child.migrant
-- condition: school_age · 学龄 | of school age · child.birth_date
-- gives: received
select
  holding.record_no,
  coalesce(subject.migrant, false) as migrant,
  subject.age_years >= 6 and subject.age_years < edition.child_age_limit as school_age,
  coalesce(school.at_school, false) as received
from holding
join subject using (record_no)
join school using (record_no)
cross join edition;

-- entitlement: return_to_school
-- field: education · weight: duty
-- title: 控辍保学：帮助入学或返校 | Bring the child to school or back to it
-- source: 豫政办〔2017〕47号 五(三)
-- condition: compulsory_age · 义务教育学龄 | of compulsory school age · child.birth_date
-- condition: out_of_school · 辍学、失学或未入学 | dropped out or never enrolled · schooling.status, schooling.never_enrolled
-- gives: received
select
  holding.record_no,
  subject.age_years >= edition.school_age and subject.age_years < edition.compulsory_age_limit as compulsory_age,
  school.out_of_school,
  false as received
from holding
join subject using (record_no)
join school using (record_no)
cross join edition;

-- entitlement: placement
-- field: guardianship · weight: duty
-- title: 孤儿安置：亲属抚养、机构养育、家庭寄养或依法收养 | Placement: kin, institution, foster family or adoption
-- source: 豫政办〔2017〕47号 五(四)
-- condition: orphan · 属于孤儿 | is an orphan · category.A
-- gives: received
select holding.record_no, holding.a as orphan, placement.placed as received
from holding
join placement using (record_no);

-- entitlement: institution_custody
-- field: guardianship · weight: duty
-- title: 由民政部门设立的儿童福利机构收留抚养 | Taken in by a child-welfare institution
-- source: 豫政办〔2017〕47号 五(四)
-- condition: parents_unable · 父母没有监护能力 | the parents are unable to act as guardians · parent_situation.parent, parent_situation.situation, parent_situation.care_given
-- condition: no_other_guardian · 没有其他监护人 | there is no other guardian · guardian.kind, case_file.guardianship_status
-- condition: no_orphan · 不属于孤儿（孤儿另行安置） | no orphan (orphans are placed) · category.A
-- gives: received
select
  holding.record_no,
  not parents.any_cares as parents_unable,
  placement.no_other_guardian,
  not coalesce(holding.a, false) as no_orphan,
  placement.in_institution or coalesce(placement.in_custody, false) as received
from holding
join parents using (record_no)
join placement using (record_no);

-- entitlement: temporary_custody
-- field: guardianship · weight: duty
-- title: 经裁定后由民政机构临时监护 | Temporary custody by civil affairs after a ruling
-- source: 豫政办〔2017〕47号 五(四)
-- condition: ruled · 经教育不改，司法部门已裁定 | a court has ruled after admonition was in vain · safety_event.ruling_no, safety_event.outcome
-- condition: no_other_guardian · 没有其他监护人 | there is no other guardian · guardian.kind, case_file.guardianship_status
-- gives: received
select
  holding.record_no,
  exists (
    select 1 from safety_event
    where safety_event.record_no = holding.record_no
      and safety_event.ruling_no is not null
      and coalesce(safety_event.outcome, 'open') in ('temporary_custody', 'guardianship_revoked', 'open')
  ) as ruled,
  placement.no_other_guardian,
  placement.in_institution or coalesce(placement.in_custody, false) as received
from holding
join placement using (record_no);

-- entitlement: care_inquiry
-- field: guardianship · weight: duty
-- title: 公安或执行机关询问子女是否缺少监护人 | Police or prison ask whether children are left without a guardian
-- source: 豫政办〔2017〕47号 五(四)
-- condition: parent_held · 父亲或母亲被限制人身自由 | a parent is deprived of liberty · parent_situation.parent, parent_situation.situation
-- condition: no_caring_parent · 没有其他父母照料 | no other parent cares and is able to · parent_situation.situation, parent_situation.care_given
-- gives: received
select
  holding.record_no,
  parents.held as parent_held,
  not parents.any_cares as no_caring_parent,
  exists (select 1 from care_inquiry where care_inquiry.record_no = holding.record_no) as received
from holding
join parents using (record_no);

-- entitlement: care_arranged
-- field: guardianship · weight: duty
-- title: 为缺少监护人的子女安排照料 | Care arranged for a child left without a guardian
-- source: 豫政办〔2017〕47号 五(四)
-- condition: left_without_care · 询问得知子女无人照料 | the answer was that a child is left without care · care_inquiry.answer
-- gives: received
select
  holding.record_no,
  exists (
    select 1 from care_inquiry where care_inquiry.record_no = holding.record_no and care_inquiry.answer = 'without_care'
  ) as left_without_care,
  not exists (
    select 1 from care_inquiry
    where care_inquiry.record_no = holding.record_no and care_inquiry.answer = 'without_care' and care_inquiry.arranged is null
  ) as received
from holding;

-- entitlement: report_of_harm
-- field: guardianship · weight: duty
-- title: 强制报告：向公安机关报案或举报 | Mandatory report to the police
-- source: 豫政办〔2017〕47号 五(四);六(一)
-- condition: harmed · 受虐待、被弃养，或监护不当受到侵害 | abused, abandoned, or harmed by improper guardianship · circumstances.hardship_kind
-- gives: received
select
  holding.record_no,
  coalesce(circumstances.hardship_kind in ('abused', 'abandoned', 'trafficking_rescued'), false) as harmed,
  exists (select 1 from safety_event where safety_event.record_no = holding.record_no) as received
from holding
left join circumstances using (record_no);

-- entitlement: adopters_assessed
-- field: guardianship · weight: duty
-- title: 收养人抚养监护能力评估 | Adopters assessed
-- source: 豫政办〔2017〕47号 五(四)
-- condition: adopted · 已被依法收养 | adopted · care_arrangement.kind
-- gives: received
select
  holding.record_no,
  placement.adopted,
  exists (
    select 1 from care_arrangement
    where care_arrangement.record_no = holding.record_no
      and care_arrangement.kind = 'adoption' and care_arrangement.assessment_date is not null
  ) as received
from holding
join placement using (record_no);

-- entitlement: rehabilitation
-- field: disability · weight: due · until: rehabilitation_age_limit
-- benefit: rehabilitation_subsidy
-- title: 0—6岁残疾儿童康复救助：手术、辅助器具、康复训练 | Rehabilitation of disabled children 0–6: surgery, devices, training
-- source: 豫政办〔2017〕47号 五(五)
-- condition: age_0_to_6 · 0—6岁 | aged 0 to 6 · child.birth_date
-- condition: class · 视力、听力、言语、智力、肢体残疾或孤独症 | visual, hearing, speech, intellectual or physical disability, or autism · disability.disability_class, disability.autism, child.health_status
-- gives: received
select
  holding.record_no,
  subject.alive and subject.age_years < edition.rehabilitation_age_limit as age_0_to_6,
  condition_now.of_rehabilitated_class as class,
  exists (
    select 1 from service cross join reckoning
    where service.record_no = holding.record_no
      and service.kind in (
        'tomorrow_plan', 'surgery', 'assistive_device', 'rehabilitation_training', 'speech_training', 'hearing_test'
      )
      and service.start_date <= reckoning.day
  ) or exists (
    select 1 from benefit_now where benefit_now.record_no = holding.record_no and benefit_now.kind = 'rehabilitation_subsidy'
  ) as received
from holding
join subject using (record_no)
join condition_now using (record_no)
cross join edition;

-- entitlement: tomorrow_plan
-- field: disability · weight: due · until: child_age_limit
-- title: 残疾孤儿手术康复明天计划 | Tomorrow Plan (surgery and rehabilitation of disabled orphans)
-- source: 豫政办〔2017〕47号 五(五)
-- condition: orphan · 属于孤儿 | is an orphan · category.A
-- condition: disabled · 残疾儿童 | disabled · disability.disability_class, child.health_status
-- condition: in_society · 社会散居 | living in society, not in an institution · care_arrangement.kind
-- gives: received
select
  holding.record_no,
  holding.a as orphan,
  condition_now.disabled,
  not placement.in_institution as in_society,
  exists (
    select 1 from service
    where service.record_no = holding.record_no
      and service.kind = 'tomorrow_plan' and service.start_date is not null
  ) as received
from holding
join condition_now using (record_no)
join placement using (record_no);

-- entitlement: disability_nursing_subsidy
-- field: disability · weight: local
-- benefit: disability_nursing_subsidy
-- title: 重度残疾人护理补贴 | Nursing subsidy of severely disabled persons
-- source: 豫政办〔2017〕47号 二;国发〔2015〕52号
-- condition: certified · 持有有效残疾人证 | holds a valid certificate · disability.certificate_no, child.health_status
-- condition: severely_disabled · 残疾等级为一级或二级 | grade 1 or 2 · disability.disability_grade
-- gives: rate_kind
select
  holding.record_no,
  case when condition_now.disabled = false then false else condition_now.certified end as certified,
  condition_now.severely_disabled,
  'disability_nursing_subsidy' as rate_kind
from holding
join condition_now using (record_no);

-- entitlement: disability_living_subsidy
-- field: disability · weight: local
-- benefit: disability_living_subsidy
-- title: 困难残疾人生活补贴，与特困供养不同时享受 | Living subsidy of disabled persons in difficulty, not beside destitute support
-- source: 豫政办〔2017〕47号 二;国发〔2015〕52号
-- condition: certified · 持有有效残疾人证 | holds a valid certificate · disability.certificate_no, child.health_status
-- condition: minimum_living · 低保家庭 | of a household with minimum living · household_hardship.kind
-- condition: not_destitute · 不属于特困儿童、孤儿 | neither destitute nor an orphan · category.A, category.B
-- gives: rate_kind
select
  holding.record_no,
  case when condition_now.disabled = false then false else condition_now.certified end as certified,
  household_now.minimum_living,
  not coalesce(holding.a or holding.b, false) as not_destitute,
  'disability_living_subsidy' as rate_kind
from holding
join condition_now using (record_no)
join household_now using (record_no);
