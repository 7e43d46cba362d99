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
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: record · fields: guardian.end_date, guardian.start_date
-- fix: 核对起止日期 | Check both dates
select guardian.record_no, guardian.item_no, guardian.end_date as found, guardian.start_date as expected
from guardian
where guardian.end_date < guardian.start_date;

-- rule: KJ-GUARD-003
-- title: 安置照料终止日期早于起始日期 | A care arrangement ends before it starts
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
