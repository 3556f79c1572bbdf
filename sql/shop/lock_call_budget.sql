-- Takes the lock of an API key's budget until the transaction ends, which does not wait for the disk: a crash of the server may lose the last calls.
--
-- grain:  one row
-- params: $1 key_hash bytea
-- reads:  nothing
-- writes: nothing
select
    set_config('synchronous_commit', 'off', true),
    pg_advisory_xact_lock(hashtextextended('shop.call_budget ' || encode($1::bytea, 'hex'), 0))
