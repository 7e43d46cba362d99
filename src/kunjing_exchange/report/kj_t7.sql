-- Part worker: one row a worker in post on the last day. Part site: one row a site in use. Part village: one row a
-- village.
with in_post as (
  select worker.record_no, worker.role, worker.full_time, worker.village, worker.trained_on
  from worker join counted using (record_no) cross join reporting
  where worker.start_date <= reporting.last_day
    and (worker.end_date is null or worker.end_date >= reporting.last_day)
),
in_use as (
  select service_site.record_no, service_site.kind, service_site.village
  from service_site join counted using (record_no) cross join reporting
  where (service_site.start_date is null or service_site.start_date <= reporting.last_day)
    and (service_site.end_date is null or service_site.end_date >= reporting.last_day)
),
covered as (
  select distinct in_post.village
  from in_post
  where in_post.role in (
    'child_welfare_director_2017', 'child_welfare_supervisor_2017', 'child_rights_monitor_2017', 'child_director'
  )
),
equipped as (
  select distinct in_use.village from in_use
)
select
  in_post.record_no,
  'worker' as part,
  in_post.role,
  case when in_post.full_time then 'yes' when in_post.full_time = false then 'no' end as full_time,
  null as kind,
  1 as workers,
  case when in_post.trained_on >= reporting.first_day and in_post.trained_on <= reporting.last_day then 1 else 0 end
    as trained,
  0 as sites,
  0 as villages,
  0 as covered,
  0 as equipped
from in_post cross join reporting
union all
select in_use.record_no, 'site', null, null, in_use.kind, 0, 0, 1, 0, 0, 0
from in_use
union all
select
  known_village.record_no, 'village', null, null, null, 0, 0, 0, 1,
  case when covered.village is not null then 1 else 0 end,
  case when equipped.village is not null then 1 else 0 end
from known_village
left join covered on covered.village = known_village.village
left join equipped on equipped.village = known_village.village
