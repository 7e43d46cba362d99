-- Part event: one row an event. Part child: one row a child.
select record_no, 'event' as part, harm, step, timely, 1 as events, 0 as children
from event_now
union all
select distinct record_no, 'child', null, null, null, 0, 1
from event_now
