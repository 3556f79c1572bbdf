-- Reads the budget of an API key, and the time: a statement of its own, so that both are of after the lock.
--
-- grain:  one row
-- params: $1 key_hash bytea, $2 now timestamptz (null: the server's clock, which all who share the key share too)
-- reads:  shop.call_budget
-- writes: nothing
select
    (select state from shop.call_budget where key_hash = $1) as state,
    coalesce($2::timestamptz, clock_timestamp()) as now
