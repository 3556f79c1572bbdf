-- Writes down what became of breaks since the search before: which are new, which are back, which have another amount, and
-- which are gone. A break that this search could not look for stays as it was.
--
-- grain:  one row per break to which something happened
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 now timestamptz
-- reads:  diff.break, journal.break_event, journal.break_state, snapshot.ledger_gap
-- writes: journal.break_event
with found as (
    select break.shop_id, break.kind, break.key, break.currency, break.amount
    from diff.break
    where break.run_id = $1 and break.shop_id = any($2)
),
known as (
    select state.shop_id, state.kind, state.key, state.is_open, last_seen.currency, last_seen.amount
    from journal.break_state as state
    cross join lateral (
        select event.currency, event.amount
        from journal.break_event as event
        where event.shop_id = state.shop_id and event.kind = state.kind and event.key = state.key
            and event.amount is not null
        order by event.event_id desc
        limit 1
    ) as last_seen
    where state.shop_id = any($2)
),
happened as (
    select
        coalesce(found.shop_id, known.shop_id) as shop_id,
        coalesce(found.kind, known.kind) as kind,
        coalesce(found.key, known.key) as key,
        case
            when known.key is null then 'opened'
            when found.key is null and known.is_open then 'closed'
            when found.key is null then null
            when not known.is_open then 'reopened'
            when found.amount <> known.amount or found.currency <> known.currency then 'changed'
        end as event,
        found.currency,
        found.amount
    from found
    full join known on known.shop_id = found.shop_id and known.kind = found.kind and known.key = found.key
)
insert into journal.break_event (shop_id, kind, key, event, run_id, happened_at, currency, amount)
select happened.shop_id, happened.kind, happened.key, happened.event, $1, $3, happened.currency, happened.amount
from happened
where happened.event is not null
    and not (
        happened.event = 'closed'
        and happened.kind in ('payment_missing', 'payment_differs', 'refund_differs', 'tax_differs', 'broken_chain')
        and exists (select from snapshot.ledger_gap as gap where gap.shop_id = happened.shop_id)
    )
order by happened.shop_id, happened.kind, happened.key
