-- rule: KJ-HOUSE-001
-- title: 家庭成员中没有户主 | None of the members is the head of the household
-- source: GB/T 4761-2008;豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: household.head_name, member.relation_to_head
-- fix: 在与户主关系中标明户主（02） | Mark the head of the household (02)
select household.record_no, household.head_name as found, null as expected
from household
where
  exists (select 1 from member where member.record_no = household.record_no)
  and not exists (
    select 1 from member where member.record_no = household.record_no and member.relation_to_head in ('01', '02')
  );

-- rule: KJ-HOUSE-002
-- title: 一户有一个以上户主 | A household has more than one head
-- source: GB/T 4761-2008
-- scope: record · effect: record · fields: member.relation_to_head
-- fix: 只保留一个户主，改正其余成员与户主关系 | Keep one head and correct the others' relation
select member.record_no, member.item_no, member.relation_to_head as found, null as expected
from member
where
  member.relation_to_head in ('01', '02')
  and exists (
    select 1
    from member as first_head
    where
      first_head.record_no = member.record_no
      and first_head.item_no < member.item_no
      and first_head.relation_to_head in ('01', '02')
  );

-- rule: KJ-HOUSE-003
-- title: 家庭成员中没有该儿童本人 | The child is not among the members of its household
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: child.name, child.id_number, member.id_number, member.relation_to_child
-- fix: 把儿童本人列入家庭成员（与儿童关系 01） | List the child among the members (relation 01)
select child.record_no, child.name as found, null as expected
from child
where
  exists (select 1 from member where member.record_no = child.record_no)
  and not exists (
    select 1
    from member
    where
      member.record_no = child.record_no
      and (member.relation_to_child = '01' or member.id_number = child.id_number)
  );

-- rule: KJ-HOUSE-004
-- title: 家庭人均年收入与成员年收入之和不符 | Income per head does not agree with the members' incomes
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: none · fields: household.income_per_head, member.annual_income
-- fix: 核对各成员年收入和人均年收入 | Check the members' incomes and the income per head
select
  household.record_no,
  household.income_per_head as found,
  cast(sum(member.annual_income) / count(*) as decimal(14, 2)) as expected
from household
join member using (record_no)
group by household.record_no, household.income_per_head
having
  count(*) = count(member.annual_income)
  and abs(household.income_per_head * count(*) - sum(member.annual_income)) > count(*);

-- rule: KJ-HOUSE-005
-- title: 家庭困难身份的终止日期早于起始日期 | The hardship of the household ends before it starts
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: record · fields: household_hardship.end_date, household_hardship.start_date
-- fix: 核对起止日期 | Check both dates
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.end_date as found,
  household_hardship.start_date as expected
from household_hardship
where household_hardship.end_date < household_hardship.start_date;

-- rule: KJ-HOUSE-006
-- title: 同一家庭同时享有城市低保和农村低保 | Urban and rural minimum living at the same time
-- source: 豫政办〔2017〕47号 五(一)末款
-- scope: record · effect: none · fields: household_hardship.kind, household_hardship.end_date, household_hardship.start_date
-- fix: 核实家庭属于城市低保还是农村低保 | Find out which of the two the household is under
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.kind as found,
  null as expected
from household_hardship
where
  household_hardship.kind in ('urban_minimum_living', 'rural_minimum_living')
  and exists (
    select 1
    from household_hardship as earlier
    where
      earlier.record_no = household_hardship.record_no
      and earlier.item_no < household_hardship.item_no
      and earlier.kind in ('urban_minimum_living', 'rural_minimum_living')
      and earlier.kind <> household_hardship.kind
      and earlier.start_date <= coalesce(household_hardship.end_date, date '9999-12-31')
      and household_hardship.start_date <= coalesce(earlier.end_date, date '9999-12-31')
  );

-- rule: KJ-HOUSE-007
-- title: 家庭成员性别与其亲属关系不符 | A member's sex contradicts the relation to the child
-- source: GB/T 4761-2008
-- scope: record · effect: none · fields: member.sex, member.relation_to_child
-- fix: 核对性别和与儿童关系 | Check the sex and the relation
select
  member.record_no,
  member.item_no,
  member.sex as found,
  case when member.sex = '1' then '2' else '1' end as expected
from member
where
  (member.sex = '2' and member.relation_to_child in ('51', '57', '61', '63', '71', '73', '81', '83', '85'))
  or (member.sex = '1' and member.relation_to_child in ('52', '58', '62', '64', '75', '77', '82', '84', '86'));
