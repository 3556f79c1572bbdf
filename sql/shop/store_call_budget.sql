-- Stores the budget of an API key in place of the one before.
--
-- grain:  one row per API key
-- params: $1 key_hash bytea, $2 state jsonb, $3 now timestamptz
-- reads:  nothing
-- writes: shop.call_budget
insert into shop.call_budget (key_hash, state, changed_at)
values ($1, $2, $3)
on conflict (key_hash) do update
set
    state = excluded.state,
    changed_at = excluded.changed_at
