-- Takes the lock of an API key's budget until the transaction ends.
-- Whoever falls silent loses it; a crash of the server may lose the last calls.
--
-- grain:  one row
-- params: $1 key_hash bytea
-- reads:  nothing
-- writes: nothing
select
    -- twenty commits a second are not to wait for the disk
    set_config('synchronous_commit', 'off', true),
    set_config('idle_in_transaction_session_timeout', '10s', true),
    pg_advisory_xact_lock(hashtextextended('shop.call_budget ' || encode($1::bytea, 'hex'), 0))
