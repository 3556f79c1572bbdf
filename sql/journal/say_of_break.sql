-- Writes down what a person says of a break: a note, or who sees to it. No row: there is no such break.
--
-- grain:  one row, or none
-- params: $1 break_id bigint, $2 event text, $3 words text, $4 now timestamptz
-- reads:  journal.break_event
-- writes: journal.break_event
insert into journal.break_event (shop_id, kind, key, event, happened_at, words)
select first_event.shop_id, first_event.kind, first_event.key, $2, $4, $3
from journal.break_event as first_event
where first_event.event_id = $1 and first_event.event = 'opened'
returning event_id
