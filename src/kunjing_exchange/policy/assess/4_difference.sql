-- Differences between what is due and what is received. Reads also: category_answer, entitlement_answer, entitlement_benefit
-- (entitlement, weight, kind). about: entitlement, kind of benefit or category; found: day or month.

-- difference: not_recognised
-- kind: due_not_received
-- title: 事实支持认定，而没有任何有效认定 | The facts support a category and none is recognised
-- source: 豫政办〔2017〕47号 五(一)末款 应保尽保
select category_answer.record_no, category_answer.category as about, cast(null as varchar) as found, true as certain
from category_answer
join subject using (record_no)
where
  category_answer.answer = 'yes'
  and subject.on_register
  and not exists (select 1 from recognition where recognition.record_no = category_answer.record_no);

-- difference: entitlement_not_received
-- kind: due_not_received
-- title: 应当享受而没有享受 | Due and not received
-- source: 豫政办〔2017〕47号 五 应保尽保
select
  entitlement_answer.record_no,
  entitlement_answer.entitlement as about,
  cast(null as varchar) as found,
  -- 五(五) promises these step by step (逐步实现) to whom needs them: whether this child does is no recorded fact
  entitlement_answer.entitlement not in ('rehabilitation', 'tomorrow_plan') as certain
from entitlement_answer
join (select distinct entitlement, weight, choice from entitlement_benefit) as wanted using (entitlement)
where
  entitlement_answer.answer = 'yes'
  and entitlement_answer.received = false
  and wanted.weight in ('due', 'duty')
  and not exists (
    select 1
    from benefit_now
    join entitlement_benefit as other on other.kind = benefit_now.kind
    join entitlement_answer as open_question
      on open_question.record_no = benefit_now.record_no and open_question.entitlement = other.entitlement
    where
      wanted.choice is not null
      and other.choice is not null
      and open_question.answer = 'unknown'
      and benefit_now.record_no = entitlement_answer.record_no
  );

-- difference: recognised_against_facts
-- kind: received_not_due
-- title: 认定有效，而记录的事实不支持 | Recognised, and the recorded facts speak against it
-- source: 豫政办〔2017〕47号 四
select recognition.record_no, recognition.category as about, cast(recognition.start_date as varchar) as found, true as certain
from recognition
join category_answer
  on category_answer.record_no = recognition.record_no and category_answer.category = recognition.category
join subject on subject.record_no = recognition.record_no
cross join edition
where
  category_answer.answer = 'no'
  and subject.on_register
  and subject.alive
  and coalesce(
    subject.age_years < case when recognition.category = 'B' then edition.destitute_age_limit else edition.child_age_limit end,
    true
  );

-- difference: benefit_not_due
-- kind: received_not_due
-- title: 正在享受，而按记录的事实不应享受 | Received, and not due by the recorded facts
-- source: 豫政办〔2017〕47号 五
select benefit_now.record_no, benefit_now.kind as about, cast(benefit_now.start_date as varchar) as found, true as certain
from benefit_now
join subject using (record_no)
cross join edition
where
  benefit_now.unit <> 'once'
  and subject.on_register
  and subject.alive
  and coalesce(
    subject.age_years < case
      when benefit_now.kind = 'destitute_support' then edition.destitute_age_limit else edition.child_age_limit
    end,
    true
  )
  and exists (select 1 from entitlement_benefit where entitlement_benefit.kind = benefit_now.kind)
  and not exists (
    select 1
    from entitlement_answer
    join entitlement_benefit using (entitlement)
    where
      entitlement_answer.record_no = benefit_now.record_no
      and entitlement_benefit.kind = benefit_now.kind
      and entitlement_answer.answer in ('yes', 'unknown')
  )
  -- 低保 of the household and the aid of 建档立卡 pupils stand by rules of their own too: being no 困境儿童 (the first
  -- condition) speaks against neither; a higher subsistence that is due does (择高)
  and not exists (
    select 1
    from entitlement_answer
    join entitlement_benefit as own_ground using (entitlement)
    where
      entitlement_answer.record_no = benefit_now.record_no
      and own_ground.kind = benefit_now.kind
      and (
        entitlement_answer.states = 'nyyy'
        or (
          entitlement_answer.states = 'ny'
          and own_ground.entitlement = 'minimum_living'
          and not exists (
            select 1
            from entitlement_answer as higher
            join entitlement_benefit as standing on standing.entitlement = higher.entitlement
            where higher.record_no = benefit_now.record_no and higher.answer = 'yes' and standing.choice is not null
          )
        )
      )
  )
  and not exists (
    select 1
    from superseded
    join entitlement_benefit as mine on mine.entitlement = superseded.entitlement
    join entitlement_benefit as better on better.entitlement = superseded.by_entitlement
    join compatibility on compatibility.kind_a = mine.kind and compatibility.kind_b = better.kind
    where
      superseded.record_no = benefit_now.record_no
      and mine.kind = benefit_now.kind
      and compatibility.relation in ('together', 'top_up')
  );

-- difference: before_birth
-- kind: received_not_due
-- title: 待遇早于出生日期 | A benefit starts before the birth
-- source: 豫政办〔2017〕47号 五(一)
select benefit.record_no, benefit.kind as about, cast(benefit.start_date as varchar) as found, true as certain
from benefit
join subject using (record_no)
where benefit.start_date < subject.birth_date;

-- difference: exclusive_benefits
-- kind: received_twice
-- title: 同时享受两项不得并存的待遇 | Two benefits at once that exclude each other
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
select benefit_now.record_no, benefit_now.kind as about, earlier.kind as found, true as certain
from benefit_now
join benefit_now as earlier on earlier.record_no = benefit_now.record_no and earlier.item_no < benefit_now.item_no
join compatibility on compatibility.kind_a = benefit_now.kind and compatibility.kind_b = earlier.kind
where compatibility.relation in ('exclusive', 'higher') and benefit_now.unit <> 'once' and earlier.unit <> 'once';

-- difference: same_benefit_twice
-- kind: received_twice
-- title: 同一待遇同时有两项 | The same benefit twice at once
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
select benefit_now.record_no, benefit_now.kind as about, cast(benefit_now.start_date as varchar) as found, true as certain
from benefit_now
join benefit_now as earlier
  on earlier.record_no = benefit_now.record_no and earlier.kind = benefit_now.kind and earlier.item_no < benefit_now.item_no
where benefit_now.unit <> 'once' and earlier.unit <> 'once' and benefit_now.kind not in ('other', 'other_living');

-- difference: month_paid_twice
-- kind: received_twice
-- title: 同一待遇同一月份发放两次 | A month of a benefit paid twice
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
select benefit.record_no, benefit.kind as about, payment.period as found, true as certain
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join subject on subject.record_no = payment.record_no
where payment.status = 'made' and coalesce(payment.kind, 'regular') = 'regular' and benefit.unit = 'month'
group by benefit.record_no, benefit.kind, payment.period
having count(*) > 1;

-- difference: paid_in_two_places
-- kind: received_twice
-- title: 同一儿童在另一份档案中享受同一或不得并存的待遇 | The same child receives it, or what excludes it, on another file too
-- source: 豫政办〔2017〕47号 五(一)末款 不得重复享受
select distinct benefit_now.record_no, benefit_now.kind as about, other.case_id as found, true as certain
from benefit_now
join subject on subject.record_no = benefit_now.record_no
join subject as other on other.id_number = subject.id_number and other.record_no <> subject.record_no
join benefit_now as theirs on theirs.record_no = other.record_no
left join compatibility on compatibility.kind_a = benefit_now.kind and compatibility.kind_b = theirs.kind
where
  benefit_now.unit <> 'once'
  and theirs.unit <> 'once'
  and (theirs.kind = benefit_now.kind or compatibility.relation in ('exclusive', 'higher'));

-- difference: open_after_death
-- kind: not_ended
-- title: 儿童已死亡，档案未结案 | The child is dead and the file is open
-- source: 豫政办〔2017〕47号 五(一)末款 应退尽退
select record_no, 'case_file' as about, cast(null as varchar) as found, true as certain
from subject
where not alive and on_register;

-- difference: open_past_age
-- kind: not_ended
-- title: 已年满18周岁，仍在册（在校的先核实能否延续） | Past 18 and still on the register (at school: check whether support goes on)
-- source: 豫政办〔2017〕47号 四;五(一)末款 应退尽退
select
  subject.record_no,
  'case_file' as about,
  cast(null as varchar) as found,
  not school.may_be_at_school as certain
from subject
join school using (record_no)
cross join edition
where subject.alive and subject.on_register and subject.age_years >= edition.child_age_limit;

-- difference: recognised_past_end
-- kind: not_ended
-- title: 已死亡、结案或年满规定年龄，认定未终止 | Dead, closed or of age, and still recognised
-- source: 豫政办〔2017〕47号 四;五(一)末款 应退尽退
select
  recognition.record_no,
  recognition.category as about,
  cast(recognition.start_date as varchar) as found,
  not subject.alive or not subject.on_register or not school.may_be_at_school as certain
from recognition
join subject on subject.record_no = recognition.record_no
join school on school.record_no = recognition.record_no
cross join edition
where
  not subject.alive
  or not subject.on_register
  or subject.age_years
    >= case when recognition.category = 'B' then edition.destitute_age_limit else edition.child_age_limit end;

-- difference: benefit_past_end
-- kind: not_ended
-- title: 已死亡、结案或年满规定年龄，待遇未终止 | Dead, closed or of age, and the benefit goes on
-- source: 豫政办〔2017〕47号 五(一)末款 应退尽退
select
  benefit_now.record_no,
  benefit_now.kind as about,
  cast(benefit_now.start_date as varchar) as found,
  not subject.alive or not subject.on_register or not school.may_be_at_school as certain
from benefit_now
join subject on subject.record_no = benefit_now.record_no
join school on school.record_no = benefit_now.record_no
cross join edition
cross join reckoning
where
  benefit_now.unit = 'month'
  and (
    subject.death_date <= reckoning.before_month
    or (not subject.on_register and coalesce(subject.closed_on <= reckoning.before_month, true))
    or (
      benefit_now.kind in (
        'orphan_allowance', 'hiv_allowance', 'institution_allowance', 'destitute_support', 'unattended_allowance'
      )
      and subject.age_before_month
        >= case when benefit_now.kind = 'destitute_support' then edition.destitute_age_limit else edition.child_age_limit end
    )
  );

-- difference: paid_after_death
-- kind: not_ended
-- title: 死亡次月以后仍有发放 | Paid for a month after the death
-- source: 豫政办〔2017〕47号 五(一)末款 应退尽退
select distinct payment.record_no, benefit.kind as about, payment.period as found, true as certain
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join subject on subject.record_no = payment.record_no
where
  payment.status = 'made'
  and coalesce(payment.kind, 'regular') <> 'recovery'
  and payment.period > substr(cast(subject.death_date as varchar), 1, 7);

-- difference: paid_after_closing
-- kind: not_ended
-- title: 结案次月以后仍有发放 | Paid for a month after the file was closed
-- source: 豫政办〔2017〕47号 五(一)末款 应退尽退
select distinct payment.record_no, benefit.kind as about, payment.period as found, true as certain
from payment
join benefit on benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no
join subject on subject.record_no = payment.record_no
where
  not subject.on_register
  and payment.status = 'made'
  and coalesce(payment.kind, 'regular') = 'regular'
  and payment.period > substr(cast(subject.closed_on as varchar), 1, 7)
  and subject.alive;
