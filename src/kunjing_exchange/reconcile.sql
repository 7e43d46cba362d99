-- What a register and the departments' files say of the same children: one statement for each kind of difference.
--
-- A header: `difference` is its permanent name, `kind` the list it belongs to, `clause` what the office may look up.
-- A statement gives: case_no, record_no, field, here, there, certain, and where it has them file_no, or first_month,
-- last_month, months, source (the other place) and other_file (its file). `here` is what the register says, `there` what
-- the department says. Beside the canonical tables there are: reckoning, register_case, department_person, matched,
-- absent, cover, drawn, pairing, expected, doubtful_case (see reconcile.py). `age(birth, day)` is the macro of the rules.

-- --- tables that the questions share ------------------------------------------------------------------------------------

-- table: doubtful_case
select distinct case_no, file_no
from found
where kind = 'ambiguous';

-- table: absent
-- Living children who are matched to nobody, or to a file that was closed for a reason that may be gone. A record that
-- names nobody is of no child. Another county's register (layout case_file) has children of its own: who is not on ours
-- is no omission, and who is on ours only neither.
select p.record_no, p.file_no, c.case_no
from department_person as p
left join matched as m using (record_no)
left join register_case as c on c.case_no = m.case_no
cross join reckoning
where
  (
    c.case_no is null
    or (not c.on_register and coalesce(c.exit_reason, 'other') in ('improved', 'error', 'other'))
  )
  and (p.birth_date is null or age(p.birth_date, reckoning.day) < reckoning.child_age_limit)
  and coalesce(p.death_date > reckoning.day, true)
  and (p.name is not null or p.plain_number is not null)
  and p.layout <> 'case_file'
  and p.person_no not in (select record_no from found where kind = 'ambiguous');

-- table: cover
-- Insurance by the year. The insurance platform keeps the present state and no year: who is insured (1) on the day of its
-- data is insured in the year of that day.
select
  insurance.record_no, insurance.insurance_type, coalesce(insurance.status, '1') as status,
  coalesce(
    insurance.year,
    case when insurance.status = '1' then year(coalesce(department_record.as_of, reckoning.day))::varchar end
  ) as year
from insurance left join department_record using (record_no) cross join reckoning;

-- table: expected
-- What a file holds of anybody, and the register says that it lies there.
with held as (
  select distinct file_no, 'disability.certificate_no' as about
  from disability join department_person using (record_no)
  union all
  select distinct file_no, 'schooling.school_name' from schooling join department_person using (record_no)
  union all
  select distinct file_no, 'insurance.year'
  from cover join department_person using (record_no) cross join reckoning
  where cover.year = year(reckoning.day)::varchar
  union all
  select distinct file_no, 'benefit.kind ' || benefit.kind from benefit join department_person using (record_no)
), said as (
  select record_no as case_no, 'disability.certificate_no' as about from disability where certificate_no is not null
  union all
  select record_no, 'schooling.school_name'
  from schooling cross join reckoning
  where start_date <= reckoning.day and coalesce(end_date >= reckoning.day, true)
  union all
  select record_no, 'insurance.year'
  from cover cross join reckoning
  where cover.status = '1' and cover.year = year(reckoning.day)::varchar
  union all
  select record_no, 'benefit.kind ' || kind
  from benefit cross join reckoning
  where start_date <= reckoning.day and coalesce(end_date >= reckoning.day, true)
)
select case_no, file_no, min(split_part(about, ' ', 1)) as about
from said join held using (about) join register_case using (case_no)
where file_no not in (select file_no from department_person where layout = 'case_file')
group by case_no, file_no;

-- table: drawn
-- What was paid for a month, and for the month of the day what is in force with no payment told.
with holder as (
  select
    case_no as record_no, case_no as person_no, case_no, 0 as file_no, key as source, null as source_no,
    county as division, 'case ' || case_no as party
  from register_case
  union all
  select
    p.record_no, p.person_no, m.case_no, p.file_no, p.key, p.source_no, p.county,
    coalesce('case ' || m.case_no, 'number ' || p.plain_number, 'record ' || p.person_no)
  from department_person as p left join matched as m using (record_no)
), told as (
  select record_no, benefit_item_no as item_no, item_no as payment_no, period
  from payment
  where status = 'made' and coalesce(kind, 'regular') = 'regular'
  union all
  select record_no, item_no, 0, strftime(reckoning.day, '%Y-%m')
  from benefit cross join reckoning
  where
    start_date <= reckoning.day and coalesce(end_date >= reckoning.day, true)
    and not exists (
      select 1 from payment where payment.record_no = benefit.record_no and payment.benefit_item_no = benefit.item_no
    )
)
select
  holder.*, benefit.kind, told.period, row_number() over (order by record_no, item_no, told.payment_no) as place
from holder join benefit using (record_no) join told using (record_no, item_no);

-- --- 应保未保: a ground in a department's file, and the child is not on the register ------------------------------------

-- difference: due_disability
-- kind: due_not_registered
-- title: 有二级及以上残疾，未在登记册 | Disability of grade 1 or 2, and not on the register
-- clause: 豫政办〔2017〕47号 四(三)
select absent.case_no, absent.record_no, 'disability.disability_grade' as field, null as here,
  disability.disability_grade as there, disability.expiry_date is null or disability.expiry_date >= reckoning.day as certain
from absent join disability using (record_no) cross join reckoning
where try_cast(disability.disability_grade as integer) <= disability_grade_limit;

-- difference: due_illness
-- kind: due_not_registered
-- title: 患名录内重大疾病，未在登记册 | An illness on the province's list, and not on the register
-- clause: 豫政办〔2017〕47号 四(三)
select absent.case_no, absent.record_no, 'illness.name' as field, null as here, illness.name as there, true as certain
from absent join illness using (record_no) cross join reckoning
where illness.disease_list = 'listed' and coalesce(illness.end_date > reckoning.day, true);

-- difference: due_orphan
-- kind: due_not_registered
-- title: 部门标为孤儿，未在登记册 | Marked as an orphan, and not on the register
-- clause: 豫政办〔2017〕47号 四(一)
select absent.case_no, absent.record_no, 'claim.kind' as field, null as here, claim.kind as there, false as certain
from absent join claim using (record_no) cross join reckoning
where claim.kind = 'orphan' and claim.value and coalesce(claim.end_date >= reckoning.day, true);

-- difference: due_destitute
-- kind: due_not_registered
-- title: 部门标为特困，未在登记册 | Marked as destitute, and not on the register
-- clause: 豫政办〔2017〕47号 四(二)
select absent.case_no, absent.record_no, 'claim.kind' as field, null as here, claim.kind as there, false as certain
from absent join claim using (record_no) cross join reckoning
where claim.kind = 'destitute' and claim.value and coalesce(claim.end_date >= reckoning.day, true)
union all
select absent.case_no, absent.record_no, 'household_hardship.kind', null, household_hardship.kind, false
from absent join household_hardship using (record_no) cross join reckoning
where
  household_hardship.kind = 'destitute' and household_hardship.start_date <= reckoning.day
  and coalesce(household_hardship.end_date >= reckoning.day, true);

-- difference: due_ill_or_disabled_by_mark
-- kind: due_not_registered
-- title: 部门标为重病或重残，未在登记册 | Marked as seriously ill or disabled, and not on the register
-- clause: 豫政办〔2017〕47号 四(三)
select absent.case_no, absent.record_no, 'claim.kind' as field, null as here, claim.kind as there, false as certain
from absent join claim using (record_no) cross join reckoning
where
  claim.kind in ('severely_disabled', 'seriously_ill') and claim.value and coalesce(claim.end_date >= reckoning.day, true);

-- difference: due_poor_household
-- kind: due_not_registered
-- title: 低保或建档立卡家庭，未在登记册 | Household on minimum living or registered poor, and not on the register
-- clause: 豫政办〔2017〕47号 四(四)
select absent.case_no, absent.record_no, 'claim.kind' as field, null as here, claim.kind as there, false as certain
from absent join claim using (record_no) cross join reckoning
where claim.kind in ('minimum_living', 'registered_poor') and claim.value and coalesce(claim.end_date >= reckoning.day, true)
union all
select absent.case_no, absent.record_no, 'household_hardship.kind', null, household_hardship.kind, false
from absent join household_hardship using (record_no) cross join reckoning
where
  household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living', 'registered_poor')
  and household_hardship.start_date <= reckoning.day and coalesce(household_hardship.end_date >= reckoning.day, true);

-- difference: due_parents_lost
-- kind: due_not_registered
-- title: 父母死亡、失踪或查找不到，未在登记册 | A parent dead, missing or not to be found, and not on the register
-- clause: 豫政办〔2017〕47号 四(一)
select absent.case_no, absent.record_no, 'parent_situation.situation' as field, null as here,
  parent_situation.situation as there,
  count(distinct parent_situation.parent) over (partition by absent.record_no) > 1 as certain
from absent join parent_situation using (record_no) cross join reckoning
where parent_situation.situation in ('09', '10', '11') and coalesce(parent_situation.start_date <= reckoning.day, true);

-- difference: due_parent_held
-- kind: due_not_registered
-- title: 父母服刑、强制隔离戒毒等，未在登记册 | A parent in prison or in rehabilitation, and not on the register
-- clause: 豫政办〔2017〕47号 四(五)
select absent.case_no, absent.record_no, 'parent_situation.situation' as field, null as here,
  parent_situation.situation as there, coalesce(parent_situation.care_given, false) = false as certain
from absent join parent_situation using (record_no) cross join reckoning
where
  parent_situation.situation in ('03', '04', '05', '06', '07', '08', '13')
  and coalesce(parent_situation.start_date <= reckoning.day, true) and coalesce(parent_situation.end_date >= reckoning.day, true);

-- difference: due_recognised
-- kind: due_not_registered
-- title: 部门已认定为困境儿童，未在登记册 | Recognised by a department, and not on the register
-- clause: 豫政办〔2017〕47号 四
select absent.case_no, absent.record_no, 'determination.category' as field, null as here,
  determination.category as there, true as certain
from absent join determination using (record_no) cross join reckoning
where determination.start_date <= reckoning.day and coalesce(determination.end_date >= reckoning.day, true);

-- difference: due_paid
-- kind: due_not_registered
-- title: 正在领取困境儿童待遇，未在登记册 | Draws a benefit of children in difficulty, and is not on the register
-- clause: 豫政办〔2017〕47号 五(一)
select absent.case_no, absent.record_no, 'benefit.kind' as field, null as here, benefit.kind as there, true as certain
from absent join benefit using (record_no) cross join reckoning
where
  benefit.kind in (
    'orphan_allowance', 'hiv_allowance', 'destitute_support', 'minimum_living', 'institution_allowance',
    'unattended_allowance'
  )
  and benefit.start_date <= reckoning.day and coalesce(benefit.end_date >= reckoning.day, true);

-- --- 应退未退: on the register, and a reason to leave it ---------------------------------------------------------------

-- difference: left_of_age
-- kind: registered_not_due
-- title: 已年满18周岁，仍在册 | Eighteen years old, and still on the register
-- clause: 豫政办〔2017〕47号 四、五(一)
-- Age alone is no reason to strike off a child who is still at school.
select register_case.case_no, null as record_no, 'child.birth_date' as field, register_case.birth_date as here,
  null as there,
  not exists (
    select 1 from schooling
    where schooling.record_no = register_case.case_no and coalesce(schooling.end_date >= reckoning.day, true)
  ) as certain
from register_case cross join reckoning
where register_case.on_register and age(register_case.birth_date, reckoning.day) >= child_age_limit;

-- difference: left_died
-- kind: registered_not_due
-- title: 已死亡，仍在册 | Has died, and is still on the register
-- clause: 豫政办〔2017〕47号 五(一)
select matched.case_no, matched.record_no, 'child.death_date' as field, child.death_date as here,
  child_facts.death_date as there, matched.basis = 'number' as certain
from matched
join child_facts using (record_no)
join register_case using (case_no)
left join child on child.record_no = matched.case_no
cross join reckoning
where register_case.on_register and child_facts.death_date <= reckoning.day;

-- difference: left_adopted
-- kind: registered_not_due
-- title: 已被依法收养，仍在册 | Adopted, and still on the register
-- clause: 豫政办〔2017〕47号 五(一)、五(四)
select matched.case_no, matched.record_no, 'care_arrangement.start_date' as field, null as here,
  care_arrangement.start_date as there, matched.basis = 'number' as certain
from matched
join care_arrangement using (record_no)
join register_case using (case_no)
cross join reckoning
where
  register_case.on_register and care_arrangement.kind = 'adoption' and care_arrangement.start_date <= reckoning.day
  and care_arrangement.end_date is null;

-- difference: left_recognition_ended
-- kind: registered_not_due
-- title: 认定均已终止，仍在册 | Every recognition has ended, and the child is still on the register
-- clause: 豫政办〔2017〕47号 五(一)
select register_case.case_no, null as record_no, 'determination.end_date' as field,
  max(determination.end_date) as here, null as there, true as certain
from register_case
join determination on determination.record_no = register_case.case_no
cross join reckoning
where register_case.on_register
group by register_case.case_no, reckoning.day
having max(coalesce(determination.end_date, date '9999-12-31')) < reckoning.day
union all
select matched.case_no, matched.record_no, 'determination.end_date', null, max(determination.end_date), false
from matched
join determination using (record_no)
join department_person using (record_no)
join register_case using (case_no)
cross join reckoning
-- A file that another county has ended is no end here: the child may have come from there.
where register_case.on_register and department_person.layout <> 'case_file'
group by matched.case_no, matched.record_no, reckoning.day
having max(coalesce(determination.end_date, date '9999-12-31')) < reckoning.day;

-- --- 重复享受 ----------------------------------------------------------------------------------------------------------

-- difference: twice_same_benefit
-- kind: paid_twice
-- title: 同一待遇同月在两处发放 | The same benefit paid in two places for a month
-- clause: 豫政办〔2017〕47号 五(一)末款
select
  max(second.case_no) as case_no, min(second.record_no) as record_no, 'benefit.kind' as field, first.kind as here,
  second.kind as there, coalesce(first.division <> second.division, false) as certain,
  min(second.period) as first_month, max(second.period) as last_month, count(distinct second.period) as months,
  min(first.source) as source, min(first.file_no) as other_file
from drawn as first join drawn as second using (party, period, kind)
where
  first.place < second.place and second.file_no > 0
  -- What the register and a list of its own county say of a month is one payment seen twice; so is what a list and the
  -- bank's return of it say under one number.
  and (first.file_no > 0 or first.division <> second.division)
  and not coalesce(first.file_no <> second.file_no and first.source_no = second.source_no, false)
group by second.person_no, first.person_no, first.kind, second.kind, first.division <> second.division;

-- difference: twice_exclusive_benefits
-- kind: paid_twice
-- title: 同月领取不得同时享受的两种待遇 | Two benefits for a month that are not to be drawn together
-- clause: 豫政办〔2017〕47号 五(一)末款
select
  max(second.case_no) as case_no, min(second.record_no) as record_no, 'benefit.kind' as field, first.kind as here,
  second.kind as there, not bool_or(pairing.memory) as certain, min(second.period) as first_month,
  max(second.period) as last_month, count(distinct second.period) as months, min(first.source) as source,
  min(first.file_no) as other_file
from drawn as first
join drawn as second using (party, period)
join pairing on pairing.kind_a = first.kind and pairing.kind_b = second.kind
where first.place < second.place and second.file_no > 0
group by second.person_no, first.person_no, first.kind, second.kind;

-- --- 矛盾: matched, and the two say different things ---------------------------------------------------------------------

-- difference: contradiction_child
-- kind: contradiction
-- title: 儿童信息不一致 | The two say different things of the child
-- clause: 豫政办〔2017〕47号 六(一)
with pair as (
  select
    matched.case_no, matched.record_no, child, child_facts,
    register_case.plain_name = department_person.plain_name as same_name,
    register_case.plain_number = department_person.plain_number as same_number
  from matched
  join child on child.record_no = matched.case_no
  join child_facts on child_facts.record_no = matched.record_no
  join register_case on register_case.case_no = matched.case_no
  join department_person on department_person.record_no = matched.record_no
), told as (
  select
    case_no, record_no,
    unnest([
      {
        'field': 'child.name', 'here': child.name,
        'there': case when not same_name and child_facts.name is distinct from child.former_name then child_facts.name end
      },
      {
        'field': 'child.id_number', 'here': child.id_number,
        'there': case when not same_number then child_facts.id_number end
      },
      {'field': 'child.sex', 'here': child.sex, 'there': child_facts.sex},
      {'field': 'child.birth_date', 'here': child.birth_date::varchar, 'there': child_facts.birth_date::varchar},
      {'field': 'child.ethnicity', 'here': child.ethnicity, 'there': child_facts.ethnicity},
      {'field': 'child.hukou_division', 'here': child.hukou_division, 'there': child_facts.hukou_division},
      {'field': 'child.residence_division', 'here': child.residence_division, 'there': child_facts.residence_division},
      {'field': 'child.death_date', 'here': child.death_date::varchar, 'there': child_facts.death_date::varchar}
    ]) as one
  from pair
)
select case_no, record_no, one.field as field, one.here as here, one.there as there, true as certain
from told
where one.here <> one.there;

-- difference: contradiction_disability
-- kind: contradiction
-- title: 残疾类别或等级与登记册不一致 | Class or grade of the disability differs from the register
-- clause: 豫政办〔2017〕47号 四(三)
select matched.case_no, matched.record_no, 'disability.disability_grade' as field,
  string_agg(ours.disability_class || '/' || ours.disability_grade, ' ') as here,
  max(theirs.disability_class || '/' || theirs.disability_grade) as there, true as certain
from matched
join disability as theirs on theirs.record_no = matched.record_no
left join disability as ours on ours.record_no = matched.case_no
where theirs.disability_grade is not null
group by matched.case_no, matched.record_no, theirs.item_no
having
  count(*) filter (
    ours.disability_class = theirs.disability_class and ours.disability_grade = theirs.disability_grade
  ) = 0;

-- difference: contradiction_insurance
-- kind: contradiction
-- title: 登记册记为已参保，医保数据不是 | Insured by the register, and not by the insurance data
-- clause: 豫政办〔2017〕47号 五(二)
select ours.record_no as case_no, min(matched.record_no) as record_no, 'insurance.status' as field, ours.status as here,
  max(theirs.status) as there, bool_and(matched.basis = 'number') as certain
from cover as ours
join matched on matched.case_no = ours.record_no
join cover as theirs on theirs.record_no = matched.record_no and theirs.insurance_type = ours.insurance_type
cross join reckoning
where
  ours.status = '1' and ours.year = year(reckoning.day)::varchar
  and coalesce(theirs.year = ours.year, true)
group by ours.record_no, ours.status, matched.file_no
having count(*) filter (theirs.status = '1') = 0;

-- difference: contradiction_parent
-- kind: contradiction
-- title: 部门所载父母状况，登记册没有 | A parent's situation that the register does not have
-- clause: 豫政办〔2017〕47号 四(一)、四(五)
select matched.case_no, matched.record_no, 'parent_situation.situation' as field,
  (
    select string_agg(ours.situation, ' ' order by ours.situation) from parent_situation as ours
    where ours.record_no = matched.case_no and ours.parent = theirs.parent
  ) as here,
  theirs.situation as there, true as certain
from matched join parent_situation as theirs on theirs.record_no = matched.record_no cross join reckoning
where
  theirs.situation not in ('00', '12', '99') and coalesce(theirs.end_date >= reckoning.day, true)
  and not exists (
    select 1 from parent_situation as ours
    where
      ours.record_no = matched.case_no and ours.parent = theirs.parent and ours.situation = theirs.situation
  );

-- --- unknown here, unknown there ----------------------------------------------------------------------------------------

-- difference: unknown_here
-- kind: unknown_here
-- title: 部门数据中有，登记册中没有 | In a department's file, not in the register
-- clause: 豫政办〔2017〕47号 六(一)
select case_no, record_no, null as field, null as here, null as there, true as certain
from absent
where case_no is null;

-- difference: unknown_there
-- kind: unknown_there
-- title: 登记册所载应在该部门数据中，实际没有 | By the register it should be in the department's file, and is not
-- clause: 豫政办〔2017〕47号 六(二)
select register_case.case_no, null as record_no, expected.about as field, null as here, null as there, true as certain,
  expected.file_no
from expected join register_case using (case_no)
where
  register_case.on_register
  and not exists (
    select 1 from matched where matched.case_no = expected.case_no and matched.file_no = expected.file_no
  )
  and not exists (
    select 1 from doubtful_case where doubtful_case.case_no = expected.case_no and doubtful_case.file_no = expected.file_no
  );
