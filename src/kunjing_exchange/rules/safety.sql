-- rule: KJ-SAFE-001
-- title: 报告时间早于发现时间 | Reported before it was found
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
