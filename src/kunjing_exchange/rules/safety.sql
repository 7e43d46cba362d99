-- rule: KJ-SAFE-001
-- title: 报告时间早于发现时间 | Reported before it was found
-- message: 报告时间早于发现时间（{title}为{found}，不应早于{expected}） | Reported before it was found ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 强制报告
-- scope: record · effect: record · fields: safety_event.reported_at, safety_event.found_at
-- fix: 核对发现时间和报告时间 | Check both times
select
  safety_event.record_no,
  safety_event.item_no,
  safety_event.reported_at as found,
  safety_event.found_at as expected
from safety_event
where safety_event.reported_at < safety_event.found_at;

-- rule: KJ-SAFE-002
-- title: 应急处置早于发现 | Help began before the harm was found
-- message: 应急处置早于发现（{title}为{found}，不应早于{expected}） | Help began before the harm was found ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 应急处置
-- scope: record · effect: record · fields: safety_event.responded_at, safety_event.found_at, safety_event.reported_at
-- fix: 核对应急处置时间 | Check the time
select
  safety_event.record_no,
  safety_event.item_no,
  safety_event.responded_at as found,
  coalesce(safety_event.found_at, safety_event.reported_at) as expected
from safety_event
where safety_event.responded_at < coalesce(safety_event.found_at, safety_event.reported_at);

-- rule: KJ-SAFE-003
-- title: 评估帮扶早于应急处置 | Assessed before help began
-- message: 评估帮扶早于应急处置（{title}为{found}，不应早于{expected}） | Assessed before help began ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 评估帮扶
-- scope: record · effect: none · fields: safety_event.assessed_at, safety_event.responded_at
-- fix: 核对评估帮扶时间 | Check the time
select
  safety_event.record_no,
  safety_event.item_no,
  safety_event.assessed_at as found,
  safety_event.responded_at as expected
from safety_event
where safety_event.assessed_at < safety_event.responded_at;

-- rule: KJ-SAFE-004
-- title: 监护干预早于评估帮扶 | Guardianship was intervened in before the assessment
-- message: 监护干预早于评估帮扶（{title}为{found}，不应早于{expected}） | Guardianship was intervened in before the assessment ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 监护干预
-- scope: record · effect: none · fields: safety_event.intervened_at, safety_event.assessed_at
-- fix: 核对监护干预时间 | Check the time
select
  safety_event.record_no,
  safety_event.item_no,
  safety_event.intervened_at as found,
  safety_event.assessed_at as expected
from safety_event
where safety_event.intervened_at < safety_event.assessed_at;

-- rule: KJ-SAFE-005
-- title: 撤销监护资格没有裁定文书编号 | Guardianship was revoked without the number of the ruling
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: safety_event.ruling_no, safety_event.outcome
-- fix: 补填裁定文书编号 | Give the number of the ruling
select safety_event.record_no, safety_event.item_no, safety_event.ruling_no as found, null as expected
from safety_event
where safety_event.outcome = 'guardianship_revoked' and safety_event.ruling_no is null;

-- rule: KJ-SAFE-006
-- title: 报告时间晚于报送截止日期 | The harm was reported after the day of the submission
-- message: 报告时间晚于报送截止日期（{title}为{found}，不应晚于{expected}） | The harm was reported after the day of the submission ({name} is {found}, not after {expected})
-- source: 豫政办〔2017〕47号 六(一) 强制报告
-- scope: record · effect: none · fields: safety_event.reported_at, header.period_end
-- fix: 核对日期和报送截止日期 | Check the date and the day of the submission
select safety_event.record_no, safety_event.item_no, safety_event.reported_at as found, header.period_end as expected
from safety_event
cross join header
where cast(safety_event.reported_at as date) > header.period_end;

-- rule: KJ-SAFE-007
-- title: 发现时间早于出生日期 | The harm was found before the birth
-- message: 发现时间早于出生日期（{title}为{found}，不应早于{expected}） | The harm was found before the birth ({name} is {found}, not before {expected})
-- source: 豫政办〔2017〕47号 六(一) 强制报告
-- scope: record · effect: record · fields: safety_event.found_at, child.birth_date
-- fix: 核对日期和出生日期 | Check the date and the birth date
select safety_event.record_no, safety_event.item_no, safety_event.found_at as found, child.birth_date as expected
from safety_event
join child using (record_no)
where cast(safety_event.found_at as date) < child.birth_date;

-- rule: KJ-SAFE-008
-- title: 监护资格已撤销，父母却仍为现任监护人 | Guardianship was revoked, yet the parent is still the guardian
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: safety_event.outcome, guardian.end_date, guardian.kind, safety_event.ruling_no
-- fix: 终止该监护，登记现任监护人 | End this guardianship and record the present guardian
select safety_event.record_no, safety_event.item_no, safety_event.outcome as found, null as expected
from safety_event
where
  safety_event.outcome = 'guardianship_revoked'
  and safety_event.ruling_no is not null
  and exists (
    select 1
    from guardian
    where guardian.record_no = safety_event.record_no and guardian.kind = 'parent' and guardian.end_date is null
  )
  and not exists (
    select 1
    from guardian
    where
      guardian.record_no = safety_event.record_no
      and coalesce(guardian.kind <> 'parent', true)
      and guardian.end_date is null
  );

-- rule: KJ-SAFE-009
-- title: 处置结果为临时监护，却没有相应的监护人或安置照料 | Temporary custody without the guardian or the care
-- message: 处置结果为临时监护，却没有相应的监护人或安置照料（{title}：{found}） | Temporary custody without the guardian or the care ({name}: {found})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: record · effect: none · fields: safety_event.outcome, care_arrangement.kind, guardian.kind
-- fix: 补录临时监护或临时庇护照料 | Record the custody or the shelter
select safety_event.record_no, safety_event.item_no, safety_event.outcome as found, null as expected
from safety_event
where
  safety_event.outcome = 'temporary_custody'
  and not exists (
    select 1
    from guardian
    where
      guardian.record_no = safety_event.record_no
      and coalesce(guardian.kind in ('civil_affairs_temporary', 'civil_affairs_long_term'), true)
  )
  and not exists (
    select 1
    from care_arrangement
    where
      care_arrangement.record_no = safety_event.record_no
      and care_arrangement.kind in ('temporary_shelter', 'institution')
  );

-- rule: KJ-SAFE-010
-- title: 有监护干预，没有评估帮扶 | Guardianship was intervened in without an assessment
-- source: 豫政办〔2017〕47号 六(一) 评估帮扶
-- scope: record · effect: none · fields: safety_event.assessed_at, safety_event.intervened_at
-- fix: 补录评估帮扶时间 | Give the time of the assessment
select safety_event.record_no, safety_event.item_no, safety_event.assessed_at as found, null as expected
from safety_event
where safety_event.intervened_at is not null and safety_event.assessed_at is null;

-- rule: KJ-SAFE-011
-- title: 已报告，没有应急处置 | Reported, and nobody responded
-- source: 豫政办〔2017〕47号 六(一) 应急处置
-- scope: record · effect: none · fields: safety_event.responded_at, safety_event.outcome
-- fix: 补录应急处置时间；尚未处置的立即处置 | Give the time, or respond now
select safety_event.record_no, safety_event.item_no, safety_event.responded_at as found, null as expected
from safety_event
where safety_event.responded_at is null and coalesce(safety_event.outcome <> 'unfounded', true);

-- rule: KJ-SAFE-012
-- title: 暴力、性侵害、拐卖或遗弃没有向公安机关报案 | Violence, sexual abuse, trafficking or abandonment was not reported to the police
-- source: 豫政办〔2017〕47号 五(四) 及时向公安机关报案
-- scope: record · effect: none · fields: safety_event.police_station, safety_event.harm, safety_event.police_case_no
-- fix: 报案，补填接报公安机关或案件编号 | Report it, and record the police station or the case
select safety_event.record_no, safety_event.item_no, safety_event.police_station as found, null as expected
from safety_event
where
  safety_event.harm in ('violence', 'sexual', 'trafficking', 'abandonment')
  and safety_event.police_station is null
  and safety_event.police_case_no is null;

-- rule: KJ-SAFE-013
-- title: 走访发现未监护，却没有报告或转介 | A visit found the child not looked after, and nobody was told
-- source: 豫政办〔2017〕47号 六(一) 强制报告责任
-- scope: record · effect: none · fields: visit.guardianship_status, determination.category
-- fix: 报告并登记安全保护 | Report it, and record the event
select visit.record_no, visit.item_no, visit.guardianship_status as found, null as expected
from visit
where
  visit.guardianship_status = 'C'
  and not exists (select 1 from safety_event where safety_event.record_no = visit.record_no)
  and not exists (select 1 from referral where referral.record_no = visit.record_no)
  and not exists (
    select 1
    from determination
    where determination.record_no = visit.record_no and determination.category in ('E-4', 'E-5')
  );
