-- rule: KJ-BATCH-201
-- title: 报送序号不大于上次 | The running number is not after that of the previous submission
-- message: 报送序号不大于上次（{title}为{found}，上次为{expected}） | The running number is not after that of the previous submission ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: none · fields: header.sequence_no, previous_header.sequence_no, header.sender_code, previous_header.sender_code, header.sender_name, previous_header.sender_name
-- fix: 核对序号，或核对所对照的上次报送 | Check the number, or which submission was given as the previous one
select header.record_no, header.sequence_no as found, previous_header.sequence_no as expected
from header
cross join previous_header
where
  header.sequence_no <= previous_header.sequence_no
  and coalesce(
    header.sender_code = previous_header.sender_code, header.sender_name = previous_header.sender_name
  );

-- rule: KJ-BATCH-202
-- title: 截止日期不晚于上次报送 | The day of the submission is not after that of the previous one
-- message: 截止日期不晚于上次报送（{title}为{found}，上次为{expected}） | The day of the submission is not after that of the previous one ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: submission · fields: header.period_end, previous_header.period_end, header.kind, previous_header.kind, header.message_type, previous_header.message_type, header.sender_code, previous_header.sender_code, header.sender_name, previous_header.sender_name
-- fix: 核对报告期；重报同一期的，报送方式填更正 | Check the period; what is sent again for the same period is a correction
select header.record_no, header.period_end as found, previous_header.period_end as expected
from header
cross join previous_header
where
  header.kind in ('full', 'delta')
  and (
    header.period_end < previous_header.period_end
    or (
      header.period_end = previous_header.period_end
      and header.kind = 'full'
      and previous_header.kind = 'full'
    )
  )
  and header.message_type = previous_header.message_type
  and coalesce(
    header.sender_code = previous_header.sender_code, header.sender_name = previous_header.sender_name
  );

-- rule: KJ-BATCH-203
-- title: 报送单位与上次不同 | The sender is not that of the previous submission
-- message: 报送单位与上次不同（{title}为{found}，上次为{expected}） | The sender is not that of the previous submission ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: none · fields: header.sender_name, previous_header.sender_name, header.sender_code, previous_header.sender_code
-- fix: 核对所对照的是不是本单位的上次报送；单位更名的不必处理 | Check that the previous submission is the same office's; where it was renamed all is in order
select header.record_no, header.sender_name as found, previous_header.sender_name as expected
from header
cross join previous_header
where
  coalesce(
    header.sender_code <> previous_header.sender_code, header.sender_name <> previous_header.sender_name
  );

-- rule: KJ-BATCH-204
-- title: 更正或撤回所替代的不是上次报送 | A correction or withdrawal does not replace the previous submission
-- message: 更正或撤回所替代的不是上次报送（{title}为{found}，上次为{expected}） | A correction or withdrawal does not replace the previous submission ({name} is {found}, that one is {expected})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: none · fields: header.replaces, previous_header.submission_no, header.kind
-- fix: 核对替代报送编号，或核对所对照的上次报送 | Check the number it replaces, or which submission was given as the previous one
select header.record_no, header.replaces as found, previous_header.submission_no as expected
from header
cross join previous_header
where
  header.kind in ('correction', 'withdrawal')
  and header.replaces <> previous_header.submission_no;

-- rule: KJ-BATCH-205
-- title: 报送编号与上次相同 | The number of the previous submission is used again
-- message: 报送编号与上次相同（{title}：{found}） | The number of the previous submission is used again ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: submission · fields: header.submission_no, previous_header.submission_no, header.sender_code, previous_header.sender_code, header.sender_name, previous_header.sender_name
-- fix: 给本次报送另编编号 | Give this submission a number of its own
select header.record_no, header.submission_no as found, null as expected
from header
cross join previous_header
where
  header.submission_no = previous_header.submission_no
  and coalesce(
    header.sender_code = previous_header.sender_code, header.sender_name = previous_header.sender_name
  );

-- rule: KJ-BATCH-206
-- title: 上次在册的档案不见了，也没有结案 | A file that was open before is missing and was not closed
-- message: 上次在册的档案不见了，也没有结案（{title}：{found}） | A file that was open before is missing and was not closed ({name}: {found})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退;豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: submission · fields: previous_case_file.case_id, previous_case_file.division, previous_case_file.status, previous_child.id_number, previous_child.id_document_type, case_file.case_id, case_file.division, child.id_number, child.id_document_type, header.kind, header.message_type, previous_header.message_type, header.sender_code, previous_header.sender_code, header.sender_name, previous_header.sender_name
-- fix: 补报该档案；已退出的报结案和退出原因 | Send the file; where the child left the register, closed and with the reason
select previous_case_file.record_no, previous_case_file.case_id as found, null as expected
from previous_case_file
join previous_child using (record_no)
cross join header
cross join previous_header
where
  header.kind = 'full'
  and previous_case_file.status <> 'closed'
  and header.message_type = 'case_submission'
  and previous_header.message_type = 'case_submission'
  and coalesce(
    header.sender_code = previous_header.sender_code, header.sender_name = previous_header.sender_name
  )
  and not exists (
    select 1
    from case_file
    where case_file.case_id = previous_case_file.case_id and case_file.division = previous_case_file.division
  )
  and not exists (
    select 1
    from child
    where
      child.id_number = previous_child.id_number
      and child.id_document_type = '111'
      and previous_child.id_document_type = '111'
  );

-- rule: KJ-BATCH-207
-- title: 同一儿童的档案换了编号，原档案没有结案 | The file of a child has another number, and the old one was not closed
-- message: 同一儿童的档案换了编号，原档案没有结案（{title}为{found}，上次为{expected}） | The file of a child has another number, and the old one was not closed ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: none · fields: case_file.case_id, case_file.division, case_file.status, previous_case_file.case_id, previous_case_file.division, previous_case_file.status, child.id_number, child.id_document_type, previous_child.id_number, previous_child.id_document_type, header.kind
-- fix: 恢复原编号；确需另建的，原档案报结案 | Keep the old number; where a new file is needed, send the old one closed
select case_file.record_no, case_file.case_id as found, previous_case_file.case_id as expected
from case_file
join child using (record_no)
join previous_child on previous_child.id_number = child.id_number
join previous_case_file on previous_case_file.record_no = previous_child.record_no
cross join header
where
  header.kind = 'full'
  and child.id_document_type = '111'
  and previous_child.id_document_type = '111'
  and case_file.status <> 'closed'
  and previous_case_file.status <> 'closed'
  and not exists (
    select 1
    from case_file as kept
    where kept.case_id = previous_case_file.case_id and kept.division = previous_case_file.division
  )
  and not exists (
    select 1
    from previous_case_file as known
    where known.case_id = case_file.case_id and known.division = case_file.division
  );

-- rule: KJ-BATCH-208
-- title: 增量报送新增的档案上次已有 | A delta adds a file that was there before
-- message: 增量报送新增的档案上次已有（{title}：{found}） | A delta adds a file that was there before ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: record · fields: case_file.change, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 变更类型改为变更，或给新档案另编编号 | Say that it is changed, or give the new file a number of its own
select case_file.record_no, case_file.change as found, null as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
cross join header
where header.kind = 'delta' and case_file.change = 'new';

-- rule: KJ-BATCH-209
-- title: 增量报送新增的儿童已有在册档案 | A delta adds a child that has an open file
-- message: 增量报送新增的儿童已有在册档案（{title}为{found}，已有{expected}） | A delta adds a child that has an open file ({name} is {found}, there is {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档;五(一)末款 不得重复认定
-- scope: previous_submission · effect: record · fields: case_file.case_id, case_file.change, case_file.division, case_file.status, previous_case_file.case_id, previous_case_file.division, previous_case_file.status, child.id_number, child.id_document_type, previous_child.id_number, previous_child.id_document_type, header.kind
-- fix: 并入原档案；转接的，原档案同时报结案 | Merge it with that file; where the child moved, send that one closed as well
select case_file.record_no, case_file.case_id as found, previous_case_file.case_id as expected
from case_file
join child using (record_no)
join previous_child on previous_child.id_number = child.id_number
join previous_case_file on previous_case_file.record_no = previous_child.record_no
cross join header
where
  header.kind = 'delta'
  and case_file.change = 'new'
  and child.id_document_type = '111'
  and previous_child.id_document_type = '111'
  and previous_case_file.status <> 'closed'
  and (previous_case_file.case_id <> case_file.case_id or previous_case_file.division <> case_file.division)
  and not exists (
    select 1
    from case_file as kept
    where
      kept.case_id = previous_case_file.case_id
      and kept.division = previous_case_file.division
      and kept.status = 'closed'
  );

-- rule: KJ-BATCH-210
-- title: 增量报送变更或注销的档案上次没有 | A delta changes or closes a file that was not there before
-- message: 增量报送变更或注销的档案上次没有（{title}：{found}） | A delta changes or closes a file that was not there before ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: record · fields: case_file.change, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind, previous_header.kind, previous_header.message_type, header.sender_code, previous_header.sender_code, header.sender_name, previous_header.sender_name
-- fix: 变更类型改为新增，或核对档案编号 | Say that it is new, or check the number
select case_file.record_no, case_file.change as found, null as expected
from case_file
cross join header
cross join previous_header
where
  header.kind = 'delta'
  and case_file.change in ('changed', 'closed')
  and previous_header.kind = 'full'
  and previous_header.message_type = 'case_submission'
  and coalesce(
    header.sender_code = previous_header.sender_code, header.sender_name = previous_header.sender_name
  )
  and not exists (
    select 1
    from previous_case_file
    where previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
  );

-- rule: KJ-BATCH-211
-- title: 增量报送注销的档案上次已结案 | A delta closes a file that was closed before
-- message: 增量报送注销的档案上次已结案（{title}：{found}） | A delta closes a file that was closed before ({name}: {found})
-- source: 豫政办〔2017〕47号 六(一) 动态管理
-- scope: previous_submission · effect: none · fields: case_file.change, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, previous_case_file.status, header.kind
-- fix: 删去该记录；只更正内容的，变更类型改为变更 | Remove the record; where something of it is corrected, say that it is changed
select case_file.record_no, case_file.change as found, null as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
cross join header
where header.kind = 'delta' and case_file.change = 'closed' and previous_case_file.status = 'closed';

-- rule: KJ-BATCH-212
-- title: 出生日期与上次不同 | The birth date is not what it was
-- message: 出生日期与上次不同（{title}为{found}，上次为{expected}） | The birth date is not what it was ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: none · fields: child.birth_date, previous_child.birth_date, previous_child.birth_date_estimated, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 核对户口簿；上次有误的，以更正报送改正 | Check the household register; what was wrong before is sent as a correction
select child.record_no, child.birth_date as found, previous_child.birth_date as expected
from child
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_child on previous_child.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and child.birth_date <> previous_child.birth_date
  and not coalesce(previous_child.birth_date_estimated, false);

-- rule: KJ-BATCH-213
-- title: 性别与上次不同 | The sex is not what it was
-- message: 性别与上次不同（{title}为{found}，上次为{expected}） | The sex is not what it was ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: none · fields: child.sex, previous_child.sex, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 核对户口簿；上次有误的，以更正报送改正 | Check the household register; what was wrong before is sent as a correction
select child.record_no, child.sex as found, previous_child.sex as expected
from child
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_child on previous_child.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and child.sex <> previous_child.sex
  and child.sex in ('1', '2')
  and previous_child.sex in ('1', '2');

-- rule: KJ-BATCH-214
-- title: 身份证号码与上次不同 | The resident id is not what it was
-- message: 身份证号码与上次不同（{title}为{found}，上次为{expected}） | The resident id is not what it was ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: none · fields: child.id_number, child.id_document_type, previous_child.id_number, previous_child.id_document_type, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 核对户口簿，看档案是否写成了另一名儿童；上次有误的，以更正报送改正 | Check the household register, and whether the file became another child's; what was wrong before is sent as a correction
select child.record_no, child.id_number as found, previous_child.id_number as expected
from child
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_child on previous_child.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and child.id_document_type = '111'
  and previous_child.id_document_type = '111'
  and length(previous_child.id_number) = 18
  and child.id_number <> previous_child.id_number;

-- rule: KJ-BATCH-215
-- title: 建档日期与上次不同 | The day of opening is not what it was
-- message: 建档日期与上次不同（{title}为{found}，上次为{expected}） | The day of opening is not what it was ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 六(一) 一人一档
-- scope: previous_submission · effect: none · fields: case_file.opened_on, case_file.case_id, case_file.division, previous_case_file.opened_on, previous_case_file.case_id, previous_case_file.division, previous_case_file.status, header.kind
-- fix: 恢复原建档日期；上次有误的，以更正报送改正 | Keep the day; what was wrong before is sent as a correction
select case_file.record_no, case_file.opened_on as found, previous_case_file.opened_on as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
cross join header
where
  header.kind <> 'correction'
  and previous_case_file.status <> 'closed'
  and case_file.opened_on <> previous_case_file.opened_on;

-- rule: KJ-BATCH-216
-- title: 已结案的档案又在册，却没有新的建档日期 | A closed file is open again without a new day of opening
-- message: 已结案的档案又在册，却没有新的建档日期（{title}为{found}，应晚于上次结案日期{expected}） | A closed file is open again without a new day of opening ({name} is {found}, it was closed on {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: case_file.opened_on, case_file.status, case_file.case_id, case_file.division, previous_case_file.closed_on, previous_case_file.status, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 仍结案的改回结案；重新纳入的填新的建档日期 | Close it again; where the child was taken in anew, give the new day
select case_file.record_no, case_file.opened_on as found, previous_case_file.closed_on as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
cross join header
where
  header.kind <> 'correction'
  and previous_case_file.status = 'closed'
  and case_file.status <> 'closed'
  and case_file.opened_on <= previous_case_file.closed_on;

-- rule: KJ-BATCH-217
-- title: 结案日期早于上次截止日期，而上次仍在册 | Closed before the day of the previous submission, in which the file was open
-- message: 结案日期早于上次截止日期，而上次仍在册（{title}为{found}，上次截止{expected}） | Closed before the day of the previous submission, in which the file was open ({name} is {found}, that one is as of {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: case_file.closed_on, case_file.status, case_file.exit_reason, case_file.case_id, case_file.division, previous_case_file.status, previous_case_file.case_id, previous_case_file.division, previous_header.period_end, header.kind
-- fix: 核对结案日期；多发的待遇登记追缴 | Check the day; record what was paid too much as to be recovered
select case_file.record_no, case_file.closed_on as found, previous_header.period_end as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
cross join header
cross join previous_header
where
  header.kind <> 'correction'
  and previous_case_file.status <> 'closed'
  and case_file.status = 'closed'
  and coalesce(case_file.exit_reason <> 'died', true)
  and case_file.closed_on < previous_header.period_end;

-- rule: KJ-BATCH-218
-- title: 上次已报死亡，死亡日期被删改 | A day of death that was given before is gone or another
-- message: 上次已报死亡，死亡日期被删改（{title}为{found}，上次为{expected}） | A day of death that was given before is gone or another ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: child.death_date, previous_child.death_date, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 恢复死亡日期；上次有误的，以更正报送改正 | Give the day again; what was wrong before is sent as a correction
select child.record_no, child.death_date as found, previous_child.death_date as expected
from child
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_child on previous_child.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and previous_child.death_date is not null
  and coalesce(child.death_date <> previous_child.death_date, true);

-- rule: KJ-BATCH-219
-- title: 上次已发放的月份不见了 | A month that was paid before is gone
-- message: 上次已发放的月份不见了（{title}为{found}，缺{expected}） | A month that was paid before is gone ({name} is {found}, {expected} is missing)
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: previous_submission · effect: none · fields: case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, previous_benefit.kind, previous_payment.period, previous_payment.status, benefit.kind, payment.period, header.kind
-- fix: 补报该月的发放记录；退回的填退回，追缴的另报追缴 | Send the payment of that month; say so where it was returned or recovered
select case_file.record_no, case_file.case_id as found, min(previous_payment.period) as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_benefit on previous_benefit.record_no = previous_case_file.record_no
join previous_payment
  on previous_payment.record_no = previous_benefit.record_no
  and previous_payment.benefit_item_no = previous_benefit.item_no
join (
  select benefit.record_no, benefit.kind, min(payment.period) as first_period
  from benefit
  join payment on payment.record_no = benefit.record_no and payment.benefit_item_no = benefit.item_no
  group by benefit.record_no, benefit.kind
) as told on told.record_no = case_file.record_no and told.kind = previous_benefit.kind
cross join header
where
  header.kind = 'full'
  and previous_payment.status = 'made'
  and told.first_period < previous_payment.period
  and not exists (
    select 1
    from payment
    join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
    where
      payment.record_no = case_file.record_no
      and benefit.kind = previous_benefit.kind
      and payment.period = previous_payment.period
  )
group by case_file.record_no, case_file.case_id;

-- rule: KJ-BATCH-220
-- title: 上次已发放的金额被改动 | The amount of a payment that was made before is another
-- message: 上次已发放的金额被改动（{title}为{found}，上次为{expected}） | The amount of a payment that was made before is another ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
-- scope: previous_submission · effect: none · fields: payment.amount, payment.period, payment.kind, payment.status, benefit.kind, previous_payment.amount, previous_payment.period, previous_payment.kind, previous_payment.status, previous_benefit.kind, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 恢复已发放的金额；差额另报补发或追缴 | Keep what was paid; the difference is a payment of arrears or a recovery
select payment.record_no, payment.benefit_item_no, payment.item_no, payment.amount as found, previous_payment.amount as expected
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join case_file on case_file.record_no = payment.record_no
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_benefit on previous_benefit.record_no = previous_case_file.record_no and previous_benefit.kind = benefit.kind
join previous_payment
  on previous_payment.record_no = previous_benefit.record_no
  and previous_payment.benefit_item_no = previous_benefit.item_no
  and previous_payment.period = payment.period
cross join header
where
  header.kind <> 'correction'
  and payment.status = 'made'
  and previous_payment.status = 'made'
  and coalesce(payment.kind, 'regular') = coalesce(previous_payment.kind, 'regular')
  and payment.amount <> previous_payment.amount
  and not exists (
    select 1
    from payment as kept
    join benefit as kept_benefit on kept_benefit.record_no = kept.record_no and kept_benefit.item_no = kept.benefit_item_no
    where
      kept.record_no = payment.record_no
      and kept_benefit.kind = benefit.kind
      and kept.period = payment.period
      and kept.amount = previous_payment.amount
  )
  and not exists (
    select 1
    from previous_payment as known
    join previous_benefit as known_benefit
      on known_benefit.record_no = known.record_no and known_benefit.item_no = known.benefit_item_no
    where
      known.record_no = previous_payment.record_no
      and known_benefit.kind = benefit.kind
      and known.period = payment.period
      and known.amount = payment.amount
  );

-- rule: KJ-BATCH-221
-- title: 残疾等级改变而发证日期未变 | The grade of a disability is another, the day of issue is the same
-- message: 残疾等级改变而发证日期未变（{title}为{found}，上次为{expected}） | The grade of a disability is another, the day of issue is the same ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 四(三)
-- scope: previous_submission · effect: none · fields: disability.disability_grade, disability.disability_class, disability.issue_date, previous_disability.disability_grade, previous_disability.disability_class, previous_disability.issue_date, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 核对残疾人证；重新评定的填新的发证日期 | Check the certificate; after a new assessment it has a new day of issue
select
  disability.record_no,
  disability.item_no,
  disability.disability_grade as found,
  previous_disability.disability_grade as expected
from disability
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_disability
  on previous_disability.record_no = previous_case_file.record_no
  and previous_disability.disability_class = disability.disability_class
  and previous_disability.issue_date = disability.issue_date
cross join header
where header.kind <> 'correction' and disability.disability_grade <> previous_disability.disability_grade;

-- rule: KJ-BATCH-222
-- title: 上次有效的认定不见了，也没有终止 | A recognition that held before is gone and was not ended
-- message: 上次有效的认定不见了，也没有终止（{title}为{found}，缺{expected}） | A recognition that held before is gone and was not ended ({name} is {found}, {expected} is missing)
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, determination.scheme, determination.category, determination.start_date, previous_determination.scheme, previous_determination.category, previous_determination.start_date, previous_determination.end_date, header.kind
-- fix: 补报该认定；已终止的填终止日期和原因 | Send the recognition; where it ended, with the day and the reason
select case_file.record_no, case_file.case_id as found, min(previous_determination.category) as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_determination on previous_determination.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and previous_determination.end_date is null
  and not exists (
    select 1
    from determination
    where
      determination.record_no = case_file.record_no
      and determination.scheme = previous_determination.scheme
      and determination.category = previous_determination.category
      and determination.start_date = previous_determination.start_date
  )
group by case_file.record_no, case_file.case_id;

-- rule: KJ-BATCH-223
-- title: 上次已终止的认定又延续 | A recognition that had ended before goes on
-- message: 上次已终止的认定又延续（{title}为{found}，上次为{expected}） | A recognition that had ended before goes on ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: determination.end_date, determination.scheme, determination.category, determination.start_date, previous_determination.end_date, previous_determination.scheme, previous_determination.category, previous_determination.start_date, previous_header.period_end, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 恢复终止日期；重新认定的另报一项 | Give the end again; a new recognition is an item of its own
select
  determination.record_no,
  determination.item_no,
  determination.end_date as found,
  previous_determination.end_date as expected
from determination
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_determination
  on previous_determination.record_no = previous_case_file.record_no
  and previous_determination.scheme = determination.scheme
  and previous_determination.category = determination.category
  and previous_determination.start_date = determination.start_date
cross join header
cross join previous_header
where
  header.kind <> 'correction'
  and coalesce(determination.end_date > previous_determination.end_date, true)
  and previous_determination.end_date <= previous_header.period_end;

-- rule: KJ-BATCH-224
-- title: 上次已终止的待遇又延续 | A benefit that had ended before goes on
-- message: 上次已终止的待遇又延续（{title}为{found}，上次为{expected}） | A benefit that had ended before goes on ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 五(一) 应退尽退
-- scope: previous_submission · effect: none · fields: benefit.end_date, benefit.kind, benefit.start_date, previous_benefit.end_date, previous_benefit.kind, previous_benefit.start_date, previous_header.period_end, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 恢复终止日期；重新享受的另报一项 | Give the end again; a benefit granted anew is an item of its own
select benefit.record_no, benefit.item_no, benefit.end_date as found, previous_benefit.end_date as expected
from benefit
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_benefit
  on previous_benefit.record_no = previous_case_file.record_no
  and previous_benefit.kind = benefit.kind
  and previous_benefit.start_date = benefit.start_date
cross join header
cross join previous_header
where
  header.kind <> 'correction'
  and coalesce(benefit.end_date > previous_benefit.end_date, true)
  and previous_benefit.end_date <= previous_header.period_end
  and not exists (
    select 1
    from previous_benefit as known
    where
      known.record_no = previous_benefit.record_no
      and known.kind = benefit.kind
      and known.start_date = benefit.start_date
      and coalesce(known.end_date > previous_benefit.end_date, true)
  );

-- rule: KJ-BATCH-225
-- title: 上次的监护人不见了，也没有终止 | A guardian of before is gone and was not ended
-- message: 上次的监护人不见了，也没有终止（{title}为{found}，缺{expected}） | A guardian of before is gone and was not ended ({name} is {found}, {expected} is missing)
-- source: 豫政办〔2017〕47号 五(四)
-- scope: previous_submission · effect: none · fields: case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, guardian.name, guardian.id_number, guardian.credit_code, previous_guardian.name, previous_guardian.id_number, previous_guardian.credit_code, previous_guardian.end_date, header.kind
-- fix: 补报该监护人；监护已变更的填终止日期 | Send the guardian; where another took over, with the last day
select case_file.record_no, case_file.case_id as found, min(previous_guardian.name) as expected
from case_file
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_guardian on previous_guardian.record_no = previous_case_file.record_no
cross join header
where
  header.kind <> 'correction'
  and previous_guardian.end_date is null
  and not exists (
    select 1
    from guardian
    where
      guardian.record_no = case_file.record_no
      and (
        guardian.name = previous_guardian.name
        or guardian.id_number = previous_guardian.id_number
        or guardian.credit_code = previous_guardian.credit_code
      )
  )
group by case_file.record_no, case_file.case_id;

-- rule: KJ-BATCH-226
-- title: 安置未变而照料人换了 | The placement is the same, the carer is another
-- message: 安置未变而照料人换了（{title}为{found}，上次为{expected}） | The placement is the same, the carer is another ({name} is {found}, before it was {expected})
-- source: 豫政办〔2017〕47号 五(四)
-- scope: previous_submission · effect: none · fields: care_arrangement.carer_name, care_arrangement.carer_id_number, care_arrangement.kind, care_arrangement.start_date, previous_care_arrangement.carer_name, previous_care_arrangement.carer_id_number, previous_care_arrangement.kind, previous_care_arrangement.start_date, case_file.case_id, case_file.division, previous_case_file.case_id, previous_case_file.division, header.kind
-- fix: 换人照料的另报一项安置，原安置填终止日期 | Another carer is a placement of its own; give the old one its last day
select
  care_arrangement.record_no,
  care_arrangement.item_no,
  care_arrangement.carer_name as found,
  previous_care_arrangement.carer_name as expected
from care_arrangement
join case_file using (record_no)
join previous_case_file
  on previous_case_file.case_id = case_file.case_id and previous_case_file.division = case_file.division
join previous_care_arrangement
  on previous_care_arrangement.record_no = previous_case_file.record_no
  and previous_care_arrangement.kind = care_arrangement.kind
  and previous_care_arrangement.start_date = care_arrangement.start_date
cross join header
where
  header.kind <> 'correction'
  and care_arrangement.carer_name <> previous_care_arrangement.carer_name
  and coalesce(care_arrangement.carer_id_number <> previous_care_arrangement.carer_id_number, true)
  and not exists (
    select 1
    from previous_care_arrangement as known
    where
      known.record_no = previous_care_arrangement.record_no
      and known.kind = care_arrangement.kind
      and known.start_date = care_arrangement.start_date
      and known.carer_name = care_arrangement.carer_name
  );
