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
-- message: 家庭人均年收入与成员年收入之和不符（{title}为{found}，应为{expected}） | Income per head does not agree with the members' incomes ({name} is {found}, expected {expected})
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
-- message: 家庭困难身份的终止日期早于起始日期（{title}为{found}，不应早于{expected}） | The hardship of the household ends before it starts ({name} is {found}, not before {expected})
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
-- message: 同一家庭同时享有城市低保和农村低保（{title}：{found}） | Urban and rural minimum living at the same time ({name}: {found})
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
-- message: 家庭成员性别与其亲属关系不符（{title}为{found}，应为{expected}） | A member's sex contradicts the relation to the child ({name} is {found}, expected {expected})
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

-- rule: KJ-HOUSE-008
-- title: 家庭困难身份起始日期晚于报送截止日期 | The hardship of the household starts after the day of the submission
-- message: 家庭困难身份起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The hardship of the household starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: none · fields: household_hardship.start_date, header.period_end, household_hardship.kind
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.start_date as found,
  header.period_end as expected
from household_hardship
cross join header
where household_hardship.start_date > header.period_end
  and not (household_hardship.kind = 'registered_poor' and household_hardship.start_date > date '2020-12-31');

-- rule: KJ-HOUSE-009
-- title: 建档立卡身份在2020年以后才开始 | Registered as poor after 2020
-- message: 建档立卡身份在2020年以后才开始（{title}为{found}，不应晚于{expected}） | Registered as poor after 2020 ({name} is {found}, not after {expected})
-- source: 建档立卡至2020年;农村防返贫监测自2021年
-- scope: record · effect: none · fields: household_hardship.start_date, household_hardship.kind
-- fix: 2021年起改登记为防返贫监测对象 | From 2021 on, record the monitoring instead
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.start_date as found,
  date '2020-12-31' as expected
from household_hardship
where household_hardship.kind = 'registered_poor' and household_hardship.start_date > date '2020-12-31';

-- rule: KJ-HOUSE-010
-- title: 防返贫监测身份早于监测制度实施 | Monitored against falling back into poverty before there was such monitoring
-- message: 防返贫监测身份早于监测制度实施（{title}为{found}，不应早于{expected}） | Monitored against falling back into poverty before there was such monitoring ({name} is {found}, not before {expected})
-- source: 国开发〔2020〕6号
-- scope: record · effect: none · fields: household_hardship.start_date, household_hardship.kind
-- fix: 核对困难身份和起始日期 | Check the recognition and its start
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.start_date as found,
  date '2020-01-01' as expected
from household_hardship
where household_hardship.kind = 'poverty_monitored' and household_hardship.start_date < date '2020-01-01';

-- rule: KJ-HOUSE-011
-- title: 建档立卡身份在2020年以后仍未终止 | Still registered as poor after 2020
-- message: 建档立卡身份在2020年以后仍未终止（{title}为{found}，不应晚于{expected}） | Still registered as poor after 2020 ({name} is {found}, not after {expected})
-- from: 2021-07-01
-- source: 建档立卡至2020年;农村防返贫监测自2021年
-- scope: record · effect: none · fields: household_hardship.end_date, household_hardship.kind, household_hardship.start_date
-- fix: 填写终止日期；仍需监测的另登记为防返贫监测对象 | End it; record the monitoring where there is one
select
  household_hardship.record_no,
  household_hardship.item_no,
  household_hardship.end_date as found,
  date '2020-12-31' as expected
from household_hardship
where
  household_hardship.kind = 'registered_poor'
  and household_hardship.start_date <= date '2020-12-31'
  and coalesce(household_hardship.end_date > date '2020-12-31', true);

-- rule: KJ-HOUSE-012
-- title: 同一困难身份两段时间重叠 | The same recognition twice at the same time
-- message: 同一困难身份两段时间重叠（{title}：{found}） | The same recognition twice at the same time ({name}: {found})
-- source: 豫政办〔2017〕47号 四(四)
-- scope: record · effect: none · fields: household_hardship.kind, household_hardship.end_date, household_hardship.start_date
-- fix: 合并两段，或终止前一段 | Merge the two, or end the earlier
select household_hardship.record_no, household_hardship.item_no, household_hardship.kind as found, null as expected
from household_hardship
where
  exists (
    select 1
    from household_hardship as earlier
    where
      earlier.record_no = household_hardship.record_no
      and earlier.item_no < household_hardship.item_no
      and earlier.kind = household_hardship.kind
      and earlier.start_date <= coalesce(household_hardship.end_date, date '9999-12-31')
      and household_hardship.start_date <= coalesce(earlier.end_date, date '9999-12-31')
  );

-- rule: KJ-HOUSE-013
-- title: 家庭成员中儿童本人的证件号码与儿童不符 | The child among the members has another number than the child
-- message: 家庭成员中儿童本人的证件号码与儿童不符（{title}为{found}，应为{expected}） | The child among the members has another number than the child ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: member.id_number, child.id_number, member.relation_to_child
-- fix: 核对成员中本人的证件号码 | Check the number of the child among the members
select member.record_no, member.item_no, member.id_number as found, child.id_number as expected
from member
join child using (record_no)
where
  member.relation_to_child = '01'
  and length(member.id_number) = length(child.id_number)
  and member.id_number <> child.id_number;

-- rule: KJ-HOUSE-014
-- title: 家庭成员中儿童本人的出生日期与儿童不符 | The child among the members has another birth date than the child
-- message: 家庭成员中儿童本人的出生日期与儿童不符（{title}为{found}，应为{expected}） | The child among the members has another birth date than the child ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: member.birth_date, child.birth_date, member.id_number, member.relation_to_child
-- fix: 核对成员中本人的出生日期 | Check the birth date of the child among the members
select member.record_no, member.item_no, member.birth_date as found, child.birth_date as expected
from member
join child using (record_no)
where
  member.relation_to_child = '01'
  and member.id_number is null
  and member.birth_date <> child.birth_date;

-- rule: KJ-HOUSE-015
-- title: 同一户的两个成员证件号码相同 | Two members of a household with the same number
-- message: 同一户的两个成员证件号码相同（{title}：{found}） | Two members of a household with the same number ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: record · fields: member.id_number
-- fix: 删去重复的成员，或改正证件号码 | Remove the repeated member, or correct the number
select member.record_no, member.item_no, member.id_number as found, null as expected
from member
where
  exists (
    select 1
    from member as earlier
    where
      earlier.record_no = member.record_no
      and earlier.item_no < member.item_no
      and earlier.id_number = member.id_number
  );

-- rule: KJ-HOUSE-016
-- title: 父母或祖父母晚于儿童出生 | A parent or grandparent is younger than the child
-- message: 父母或祖父母晚于儿童出生（{title}为{found}，不应晚于{expected}） | A parent or grandparent is younger than the child ({name} is {found}, not after {expected})
-- source: GB/T 4761-2008
-- scope: record · effect: record · fields: member.birth_date, child.birth_date, member.relation_to_child
-- fix: 核对成员的出生日期和与儿童关系 | Check the member's birth date and relation
select member.record_no, member.item_no, member.birth_date as found, child.birth_date as expected
from member
join child using (record_no)
where
  member.relation_to_child in ('51', '52', '61', '62', '63', '64')
  and member.birth_date >= child.birth_date;

-- rule: KJ-HOUSE-017
-- title: 户主姓名与成员中户主的姓名不符 | The name of the head differs from the head among the members
-- message: 户主姓名与成员中户主的姓名不符（{title}：{found}） | The name of the head differs from the head among the members ({name}: {found})
-- source: GB/T 4761-2008
-- scope: record · effect: none · fields: household.head_name, member.name, member.relation_to_head
-- fix: 核对户主姓名 | Check the name of the head
select household.record_no, household.head_name as found, null as expected
from household
where
  household.head_name is not null
  and exists (
    select 1 from member where member.record_no = household.record_no and member.relation_to_head in ('01', '02')
  )
  and not exists (
    select 1
    from member
    where
      member.record_no = household.record_no
      and member.relation_to_head in ('01', '02')
      and member.name = household.head_name
  );

-- rule: KJ-HOUSE-018
-- title: 家庭成员出生日期晚于报送截止日期 | A member was born after the day of the submission
-- message: 家庭成员出生日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A member was born after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一)
-- scope: record · effect: none · fields: member.birth_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select member.record_no, member.item_no, member.birth_date as found, header.period_end as expected
from member
cross join header
where member.birth_date > header.period_end;
