-- Gives everything that happened to a break, in order.
--
-- grain:  one row per event
-- params: $1 break_id bigint
-- reads:  journal.break_event
-- writes: nothing
select event.event, event.run_id, event.happened_at, event.words, event.currency, event.amount
from journal.break_event as first_event
join journal.break_event as event
    on event.shop_id = first_event.shop_id and event.kind = first_event.kind and event.key = first_event.key
where first_event.event_id = $1
order by event.event_id
