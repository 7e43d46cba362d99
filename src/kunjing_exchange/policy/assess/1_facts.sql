-- What the statements of categories, entitlements and differences read, one row a record. Three-valued: null is "can't tell".
-- Given: reckoning (day, before_month: last day of the month before, year), edition, local_rate, compatibility.

-- table: subject
select
  case_file.record_no,
  case_file.case_id,
  case_file.division,
  case_file.status <> 'closed' and coalesce(case_file.closed_on > reckoning.day, true) as on_register,
  case_file.closed_on,
  case_file.guardianship_status,
  child.id_number,
  child.birth_date,
  child.death_date,
  child.health_status,
  child.migrant,
  coalesce(child.death_date > reckoning.day, true) as alive,
  age(child.birth_date, reckoning.day) as age_years,
  age(child.birth_date, reckoning.before_month) as age_before_month
from case_file
join child using (record_no)
join record_place using (record_no)
cross join reckoning
where record_place.readable and not record_place.blocked and case_file.opened_on <= reckoning.day;

-- table: parents
select
  subject.record_no,
  father.lost and mother.lost as both_lost,
  father.cares or mother.cares as any_cares,
  father.in_prison or mother.in_prison as in_prison,
  father.in_rehabilitation or mother.in_rehabilitation as in_rehabilitation,
  father.held or mother.held as held
from subject
left join parent_now as father on father.record_no = subject.record_no and father.parent = 'father'
left join parent_now as mother on mother.record_no = subject.record_no and mother.parent = 'mother';

-- table: absence
select
  subject.record_no,
  father.absent and mother.absent as both_absent
from subject
left join (
  select record_no, case when max(case when absent then 2 when absent is null then 1 else 0 end) = 2 then true
    when max(case when absent then 2 when absent is null then 1 else 0 end) = 1 then null else false end as absent
  from parent_absent where parent = 'father' group by record_no
) as father using (record_no)
left join (
  select record_no, case when max(case when absent then 2 when absent is null then 1 else 0 end) = 2 then true
    when max(case when absent then 2 when absent is null then 1 else 0 end) = 1 then null else false end as absent
  from parent_absent where parent = 'mother' group by record_no
) as mother using (record_no);

-- table: household_now
select
  subject.record_no,
  case
    when household.record_no is null then null
    when coalesce(recognised.minimum_living, 0) = 1 then true
    when coalesce(recognised.near, 0) = 0 then false
    when household.income_per_head >= 12 * line.amount then false
  end as minimum_living,
  case when household.record_no is not null then coalesce(recognised.registered_poor, 0) = 1 end as registered_poor
from subject
left join household using (record_no)
left join hardship_now as recognised using (record_no)
left join rate_now as line on line.division = subject.division and line.kind = 'minimum_living';

-- table: condition_now
select
  subject.record_no,
  case
    when disabled.severe = 1 or ill.listed = 1 then true
    when disabled.open_question = 1 or ill.open_question = 1 then null
    when disabled.record_no is not null or ill.record_no is not null then false
    when subject.health_status in ('10', '20') then false
  end as severe,
  case
    when disabled.severe = 1 then true
    when disabled.open_question = 1 then null
    when disabled.record_no is not null then false
    when subject.health_status < '60' then false
  end as severely_disabled,
  case
    when disabled.record_no is not null then true
    when subject.health_status < '60' then false
  end as disabled,
  case
    when disabled.rehabilitated = 1 then true
    when disabled.rehabilitated_unknown = 1 then null
    when disabled.record_no is not null then false
    when subject.health_status < '60' then false
  end as of_rehabilitated_class,
  case
    when disabled.deaf = 1 then true
    when disabled.rehabilitated_unknown = 1 then null
    when disabled.record_no is not null then false
    when subject.health_status < '60' then false
  end as deaf,
  case when disabled.record_no is not null then disabled.certified = 1 end as certified
from subject
left join disability_now as disabled using (record_no)
left join illness_now as ill using (record_no);

-- table: placement
select
  subject.record_no,
  coalesce(care.placed, 0) = 1 as placed,
  coalesce(care.in_institution, 0) = 1 as in_institution,
  coalesce(care.adopted, 0) = 1 as adopted,
  case when guarded.civil_affairs = 1 then true when coalesce(guarded.kind_unknown, 0) = 0 then false end as in_custody,
  case
    when coalesce(guarded.other_guardian, 0) = 1 or coalesce(care.with_others, 0) = 1 then false
    when subject.guardianship_status = 'C' then true
    when guarded.kind_unknown = 0 then true
  end as no_other_guardian
from subject
left join care_now as care using (record_no)
left join guardian_now as guarded using (record_no);

-- table: school
select
  subject.record_no,
  coalesce(spell.stage, case when spell.attending = 0 and spell.attending_unknown = 0 then 'none' end) as stage,
  case when spell.attending = 1 then true when spell.attending_unknown = 0 then false end as at_school,
  coalesce(spell.attending = 1 or spell.attending_unknown = 1, false) as may_be_at_school,
  case when spell.attending = 1 then false when spell.attending_unknown = 0 then spell.out_of_school = 1 end as out_of_school,
  case when spell.record_no is not null then spell.supported = 1 end as supported
from subject
left join school_now as spell using (record_no);
