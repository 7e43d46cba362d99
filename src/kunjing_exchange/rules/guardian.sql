-- rule: KJ-GUARD-001
-- title: 监护情况为有监护人，却没有现任监护人或安置照料 | There should be a guardian, but no guardian or care is recorded
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: case_file.guardianship_status, care_arrangement.end_date, care_arrangement.start_date, case_file.status, guardian.end_date, guardian.start_date, header.period_end
-- fix: 补录监护人或安置照料，或改正监护情况 | Record the guardian or the care, or correct the status
select case_file.record_no, case_file.guardianship_status as found, 'C' as expected
from case_file
cross join header
where
  case_file.status = 'open'
  and case_file.guardianship_status in ('A', 'B')
  and not exists (
    select 1
    from guardian
    where
      guardian.record_no = case_file.record_no
      and coalesce(guardian.start_date <= header.period_end, true)
      and coalesce(guardian.end_date >= header.period_end, true)
  )
  and not exists (
    select 1
    from care_arrangement
    where
      care_arrangement.record_no = case_file.record_no
      and coalesce(care_arrangement.start_date <= header.period_end, true)
      and coalesce(care_arrangement.end_date >= header.period_end, true)
  );

-- rule: KJ-GUARD-002
-- title: 监护终止日期早于起始日期 | A guardianship ends before it starts
-- message: 监护终止日期早于起始日期（{title}为{found}，不应早于{expected}） | A guardianship ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: guardian.end_date, guardian.start_date
-- fix: 核对起止日期 | Check both dates
select guardian.record_no, guardian.item_no, guardian.end_date as found, guardian.start_date as expected
from guardian
where guardian.end_date < guardian.start_date;

-- rule: KJ-GUARD-003
-- title: 安置照料终止日期早于起始日期 | A care arrangement ends before it starts
-- message: 安置照料终止日期早于起始日期（{title}为{found}，不应早于{expected}） | A care arrangement ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: care_arrangement.end_date, care_arrangement.start_date
-- fix: 核对起止日期 | Check both dates
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.end_date as found,
  care_arrangement.start_date as expected
from care_arrangement
where care_arrangement.end_date < care_arrangement.start_date;

-- rule: KJ-GUARD-004
-- title: 两项安置照料的时间重叠 | Two care arrangements overlap in time
-- message: 两项安置照料的时间重叠（{title}：{found}） | Two care arrangements overlap in time ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.start_date, care_arrangement.end_date
-- fix: 给前一项安置照料填写终止日期 | End the earlier arrangement
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.start_date as found,
  null as expected
from care_arrangement
where
  exists (
    select 1
    from care_arrangement as earlier
    where
      earlier.record_no = care_arrangement.record_no
      and earlier.item_no <> care_arrangement.item_no
      and (
        earlier.start_date < care_arrangement.start_date
        or (earlier.start_date = care_arrangement.start_date and earlier.item_no < care_arrangement.item_no)
      )
      and care_arrangement.start_date < coalesce(earlier.end_date, date '9999-12-31')
  );

-- rule: KJ-GUARD-005
-- title: 询问得知有子女无人照料，却没有安排 | A child is left without care and nothing was arranged
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_inquiry.arranged, care_inquiry.answer
-- fix: 填写安排方式和安排日期；尚未安排的立即安排 | Record how care was arranged; if it was not, arrange it now
select care_inquiry.record_no, care_inquiry.item_no, care_inquiry.arranged as found, null as expected
from care_inquiry
where care_inquiry.answer = 'without_care' and care_inquiry.arranged is null;

-- rule: KJ-GUARD-006
-- title: 依据法院裁定的监护没有文书编号 | Guardianship by a court ruling without the number of the ruling
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.document_no, guardian.legal_basis
-- fix: 补填裁定或判决的编号 | Give the number of the ruling
select guardian.record_no, guardian.item_no, guardian.document_no as found, null as expected
from guardian
where guardian.legal_basis = 'court_ruling' and guardian.document_no is null;

-- rule: KJ-GUARD-007
-- title: 已死亡的父亲或母亲仍为现任监护人 | A dead parent is still the guardian
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: guardian.kind, guardian.end_date, guardian.relation_to_child, parent_situation.parent, parent_situation.situation, parent_situation.start_date
-- fix: 终止该监护，登记现任监护人 | End this guardianship and record the present guardian
select guardian.record_no, guardian.item_no, guardian.kind as found, null as expected
from guardian
where
  guardian.kind = 'parent'
  and exists (
    select 1
    from parent_situation
    where
      parent_situation.record_no = guardian.record_no
      and parent_situation.situation = '09'
      and (
        (parent_situation.parent = 'father' and guardian.relation_to_child = '51')
        or (parent_situation.parent = 'mother' and guardian.relation_to_child = '52')
      )
      and coalesce(guardian.end_date > parent_situation.start_date, guardian.end_date is null)
  );

-- rule: KJ-GUARD-008
-- title: 家庭寄养或委托照护没有协议编号 | Foster or entrusted care without the number of the agreement
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.agreement_no, care_arrangement.kind
-- fix: 补填协议编号 | Give the number of the agreement
select care_arrangement.record_no, care_arrangement.item_no, care_arrangement.agreement_no as found, null as expected
from care_arrangement
where care_arrangement.kind in ('foster_family', 'entrusted') and care_arrangement.agreement_no is null;

-- rule: KJ-GUARD-009
-- title: 收养人的评估不合格，仍按依法收养安置 | Adopted although the assessment of the adopters failed
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: care_arrangement.assessment_passed, care_arrangement.kind
-- fix: 核对评估结果和安置方式 | Check the assessment and the arrangement
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.assessment_passed as found,
  true as expected
from care_arrangement
where care_arrangement.kind = 'adoption' and care_arrangement.assessment_passed = false;

-- rule: KJ-GUARD-010
-- title: 父母状况的终止日期早于起始日期 | A parent's situation ends before it starts
-- message: 父母状况的终止日期早于起始日期（{title}为{found}，不应早于{expected}） | A parent's situation ends before it starts ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 四(一)、四(五)
-- scope: record · effect: record · fields: parent_situation.end_date, parent_situation.start_date
-- fix: 核对起止日期 | Check both dates
select
  parent_situation.record_no,
  parent_situation.item_no,
  parent_situation.end_date as found,
  parent_situation.start_date as expected
from parent_situation
where parent_situation.end_date < parent_situation.start_date;

-- rule: KJ-GUARD-011
-- title: 父亲或母亲死亡之后又有其他状况 | A parent has another situation after death
-- message: 父亲或母亲死亡之后又有其他状况（{title}：{found}） | A parent has another situation after death ({name}: {found})
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: record · fields: parent_situation.start_date, parent_situation.parent, parent_situation.situation
-- fix: 核对死亡日期和其他状况的日期 | Check the day of death and the other situation
select
  parent_situation.record_no,
  parent_situation.item_no,
  parent_situation.start_date as found,
  null as expected
from parent_situation
where
  parent_situation.situation <> '09'
  and exists (
    select 1
    from parent_situation as death
    where
      death.record_no = parent_situation.record_no
      and death.parent = parent_situation.parent
      and death.situation = '09'
      and death.start_date < parent_situation.start_date
  );

-- rule: KJ-GUARD-012
-- title: 监护起始日期早于出生日期 | A guardianship starts before the birth
-- message: 监护起始日期早于出生日期（{title}为{found}，不应早于{expected}） | A guardianship starts before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: guardian.start_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select guardian.record_no, guardian.item_no, guardian.start_date as found, child.birth_date as expected
from guardian
join child using (record_no)
where guardian.start_date < child.birth_date;

-- rule: KJ-GUARD-013
-- title: 安置照料起始日期早于出生日期 | A care arrangement starts before the birth
-- message: 安置照料起始日期早于出生日期（{title}为{found}，不应早于{expected}） | A care arrangement starts before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: care_arrangement.start_date, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.start_date as found,
  child.birth_date as expected
from care_arrangement
join child using (record_no)
where care_arrangement.start_date < child.birth_date;

-- rule: KJ-GUARD-014
-- title: 监护起始日期晚于报送截止日期 | A guardianship starts after the day of the submission
-- message: 监护起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A guardianship starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select guardian.record_no, guardian.item_no, guardian.start_date as found, header.period_end as expected
from guardian
cross join header
where guardian.start_date > header.period_end;

-- rule: KJ-GUARD-015
-- title: 安置照料起始日期晚于报送截止日期 | A care arrangement starts after the day of the submission
-- message: 安置照料起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A care arrangement starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.start_date as found,
  header.period_end as expected
from care_arrangement
cross join header
where care_arrangement.start_date > header.period_end;

-- rule: KJ-GUARD-016
-- title: 两任监护之间有空档 | A gap between two guardians
-- message: 两任监护之间有空档（{title}：{found}） | A gap between two guardians ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.end_date, guardian.start_date, header.period_end
-- fix: 核对前后两项的起止日期；确有空档的说明由谁照料 | Check the dates; say who cared for the child between
select guardian.record_no, guardian.item_no, guardian.end_date as found, null as expected
from guardian
cross join header
where
  guardian.end_date >= guardian.start_date
  and exists (
    select 1
    from guardian as later
    where
      later.record_no = guardian.record_no
      and later.start_date > guardian.end_date
      and later.start_date <= header.period_end
  )
  and not exists (
    select 1
    from guardian as following
    where
      following.record_no = guardian.record_no
      and following.start_date <= guardian.end_date + 1
      and coalesce(following.end_date > guardian.end_date, true)
  );

-- rule: KJ-GUARD-017
-- title: 两项安置照料之间有空档 | A gap between two care arrangements
-- message: 两项安置照料之间有空档（{title}：{found}） | A gap between two care arrangements ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.end_date, care_arrangement.start_date, header.period_end
-- fix: 核对前后两项的起止日期；确有空档的说明由谁照料 | Check the dates; say who cared for the child between
select care_arrangement.record_no, care_arrangement.item_no, care_arrangement.end_date as found, null as expected
from care_arrangement
cross join header
where
  care_arrangement.end_date >= care_arrangement.start_date
  and exists (
    select 1
    from care_arrangement as later
    where
      later.record_no = care_arrangement.record_no
      and later.start_date > care_arrangement.end_date
      and later.start_date <= header.period_end
  )
  and not exists (
    select 1
    from care_arrangement as following
    where
      following.record_no = care_arrangement.record_no
      and following.start_date <= care_arrangement.end_date + 1
      and coalesce(following.end_date > care_arrangement.end_date, true)
  );

-- rule: KJ-GUARD-018
-- title: 民政部门监护期间，父母仍登记为监护人 | A parent is the guardian while a civil affairs office is
-- message: 民政部门监护期间，父母仍登记为监护人（{title}：{found}） | A parent is the guardian while a civil affairs office is ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.kind, guardian.end_date, guardian.start_date
-- fix: 终止父母的监护，或核对民政部门监护的起止日期 | End the parent's guardianship, or check the dates
select guardian.record_no, guardian.item_no, guardian.kind as found, null as expected
from guardian
where
  guardian.kind in ('civil_affairs_long_term', 'civil_affairs_temporary')
  and exists (
    select 1
    from guardian as parent
    where
      parent.record_no = guardian.record_no
      and parent.kind = 'parent'
      and parent.start_date <= coalesce(guardian.end_date, date '9999-12-31')
      and guardian.start_date <= coalesce(parent.end_date, date '9999-12-31')
  );

-- rule: KJ-GUARD-019
-- title: 监护良好，现任监护人却都没有监护能力 | Well looked after, but no present guardian is able to
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: case_file.guardianship_status, guardian.capable, guardian.end_date
-- fix: 核对监护情况和监护能力 | Check the status and the capacity
select case_file.record_no, case_file.guardianship_status as found, null as expected
from case_file
where
  case_file.guardianship_status = 'A'
  and exists (
    select 1
    from guardian
    where guardian.record_no = case_file.record_no and guardian.end_date is null and guardian.capable = false
  )
  and not exists (
    select 1
    from guardian
    where
      guardian.record_no = case_file.record_no
      and guardian.end_date is null
      and coalesce(guardian.capable, true)
  );

-- rule: KJ-GUARD-020
-- title: 标为未监护，却有有能力的父母或亲属为现任监护人 | Not looked after, yet a parent or relative is an able guardian
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: case_file.guardianship_status, case_file.status, guardian.capable, guardian.end_date, guardian.kind
-- fix: 核对监护情况和现任监护人 | Check the status and the guardian
select case_file.record_no, case_file.guardianship_status as found, null as expected
from case_file
where
  case_file.status = 'open'
  and case_file.guardianship_status = 'C'
  and exists (
    select 1
    from guardian
    where
      guardian.record_no = case_file.record_no
      and guardian.end_date is null
      and guardian.kind in ('parent', 'kin')
      and guardian.capable = true
  );

-- rule: KJ-GUARD-021
-- title: 民政部门长期监护没有机构代码 | Long-term guardianship of a civil affairs office without a credit code
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: guardian.credit_code, guardian.kind
-- fix: 补填统一社会信用代码 | Give the credit code
select guardian.record_no, guardian.item_no, guardian.credit_code as found, null as expected
from guardian
where guardian.kind = 'civil_affairs_long_term' and guardian.credit_code is null;

-- rule: KJ-GUARD-022
-- title: 民政部门临时监护没有法院裁定 | Temporary custody of a civil affairs office without a court ruling
-- message: 民政部门临时监护没有法院裁定（{title}为{found}，应为{expected}） | Temporary custody of a civil affairs office without a court ruling ({name} is {found}, expected {expected})
-- to: 2021-05-31
-- source: 豫政办〔2017〕47号 五(四) 经司法部门裁定
-- scope: record · effect: none · fields: guardian.legal_basis, guardian.kind
-- fix: 核对监护依据 | Check what the custody rests on
select guardian.record_no, guardian.item_no, guardian.legal_basis as found, 'court_ruling' as expected
from guardian
where guardian.kind = 'civil_affairs_temporary' and guardian.legal_basis <> 'court_ruling';

-- rule: KJ-GUARD-023
-- title: 孤儿由父母照料 | An orphan is cared for by its parents
-- message: 孤儿由父母照料（{title}：{found}） | An orphan is cared for by its parents ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.kind, care_arrangement.end_date, determination.category, determination.end_date, determination.scheme, determination.start_date, header.period_end
-- fix: 核对安置方式和父母状况 | Check the arrangement and the parents' situations
select care_arrangement.record_no, care_arrangement.item_no, care_arrangement.kind as found, null as expected
from care_arrangement
cross join header
cross join edition
where
  care_arrangement.kind = 'parental'
  and care_arrangement.end_date is null
  and exists (
    select 1
    from determination
    where
      determination.record_no = care_arrangement.record_no
      and determination.scheme = edition.scheme
      and determination.category = 'A'
      and determination.start_date <= header.period_end
      and coalesce(determination.end_date >= header.period_end, true)
  );

-- rule: KJ-GUARD-024
-- title: 父亲或母亲被羁押、服刑或强制戒毒，却没有监护询问 | A parent is detained, imprisoned or in rehabilitation and nobody asked who cares for the child
-- message: 父亲或母亲被羁押、服刑或强制戒毒，却没有监护询问（{title}：{found}） | A parent is detained, imprisoned or in rehabilitation and nobody asked who cares for the child ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: parent_situation.situation, case_file.status, parent_situation.care_given
-- fix: 补录公安机关或执行机关的询问 | Record the inquiry of the police or the prison
select parent_situation.record_no, parent_situation.item_no, parent_situation.situation as found, null as expected
from parent_situation
join case_file using (record_no)
where
  case_file.status = 'open'
  and parent_situation.situation in ('03', '04', '05')
  and parent_situation.care_given = false
  and not exists (select 1 from care_inquiry where care_inquiry.record_no = parent_situation.record_no);

-- rule: KJ-GUARD-025
-- title: 安排照料的日期早于询问 | Care was arranged before the parent was asked
-- message: 安排照料的日期早于询问（{title}为{found}，不应早于{expected}） | Care was arranged before the parent was asked ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_inquiry.arranged_on, care_inquiry.asked_at
-- fix: 核对询问时间和安排日期 | Check both dates
select
  care_inquiry.record_no,
  care_inquiry.item_no,
  care_inquiry.arranged_on as found,
  cast(care_inquiry.asked_at as date) as expected
from care_inquiry
where care_inquiry.arranged_on < cast(care_inquiry.asked_at as date);

-- rule: KJ-GUARD-026
-- title: 安排委托照护没有委托协议编号 | Entrusted care was arranged without the number of the agreement
-- source: 豫政办〔2017〕47号 五(四) 签署委托代养协议
-- scope: record · effect: none · fields: care_inquiry.agreement_no, care_inquiry.arranged
-- fix: 补填委托协议编号 | Give the number of the agreement
select care_inquiry.record_no, care_inquiry.item_no, care_inquiry.agreement_no as found, null as expected
from care_inquiry
where care_inquiry.arranged = 'entrusted' and care_inquiry.agreement_no is null;

-- rule: KJ-GUARD-027
-- title: 询问结果为无需安排，却安排了照料 | No care was needed, yet care was arranged
-- message: 询问结果为无需安排，却安排了照料（{title}为{found}，应为{expected}） | No care was needed, yet care was arranged ({name} is {found}, expected {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_inquiry.answer, care_inquiry.arranged
-- fix: 核对询问结果和安排方式 | Check the answer and the arrangement
select care_inquiry.record_no, care_inquiry.item_no, care_inquiry.answer as found, 'without_care' as expected
from care_inquiry
where care_inquiry.answer in ('no_child', 'cared_for') and care_inquiry.arranged is not null;

-- rule: KJ-GUARD-028
-- title: 监护询问时间晚于报送截止日期 | The parent was asked after the day of the submission
-- message: 监护询问时间晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The parent was asked after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_inquiry.asked_at, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select care_inquiry.record_no, care_inquiry.item_no, care_inquiry.asked_at as found, header.period_end as expected
from care_inquiry
cross join header
where cast(care_inquiry.asked_at as date) > header.period_end;

-- rule: KJ-GUARD-029
-- title: 依法收养没有收养人评估 | Adopted without an assessment of the adopters
-- source: 豫政办〔2017〕47号 五(四) 监护人抚养监护能力评估
-- scope: record · effect: none · fields: care_arrangement.assessment_passed, care_arrangement.kind
-- fix: 补录收养人评估 | Record the assessment
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.assessment_passed as found,
  null as expected
from care_arrangement
where care_arrangement.kind = 'adoption' and care_arrangement.assessment_passed is null;

-- rule: KJ-GUARD-030
-- title: 依法收养没有收养登记编号 | Adopted without the number of the registration
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.registration_no, care_arrangement.kind
-- fix: 补填收养登记编号 | Give the number of the registration
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.registration_no as found,
  null as expected
from care_arrangement
where care_arrangement.kind = 'adoption' and care_arrangement.registration_no is null;

-- rule: KJ-GUARD-031
-- title: 机构养育没有写明哪个机构 | Institution care without the institution
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: care_arrangement.institution_name, care_arrangement.institution_code, care_arrangement.kind
-- fix: 补填机构代码或名称 | Give the code or the name of the institution
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.institution_name as found,
  null as expected
from care_arrangement
where
  care_arrangement.kind = 'institution'
  and care_arrangement.institution_name is null
  and care_arrangement.institution_code is null;

-- rule: KJ-GUARD-032
-- title: 父母状况起始日期晚于报送截止日期 | A parent's situation starts after the day of the submission
-- message: 父母状况起始日期晚于报送截止日期（{title}为{found}，不应晚于{expected}） | A parent's situation starts after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 四(一)、四(五)
-- scope: record · effect: none · fields: parent_situation.start_date, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select
  parent_situation.record_no,
  parent_situation.item_no,
  parent_situation.start_date as found,
  header.period_end as expected
from parent_situation
cross join header
where parent_situation.start_date > header.period_end;

-- rule: KJ-GUARD-033
-- title: 母亲死亡早于儿童出生 | The mother died before the child was born
-- message: 母亲死亡早于儿童出生（{title}为{found}，不应早于{expected}） | The mother died before the child was born ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 四(一)
-- scope: record · effect: record · fields: parent_situation.start_date, child.birth_date, parent_situation.parent, parent_situation.situation
-- fix: 核对死亡日期和出生日期 | Check both dates
select
  parent_situation.record_no,
  parent_situation.item_no,
  parent_situation.start_date as found,
  child.birth_date as expected
from parent_situation
join child using (record_no)
where
  parent_situation.parent = 'mother'
  and parent_situation.situation = '09'
  and parent_situation.start_date < child.birth_date;
