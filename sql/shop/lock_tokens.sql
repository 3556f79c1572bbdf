-- Takes the lock under which the tokens of a shop are refreshed; the server frees it when the holder dies.
--
-- grain:  one row
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: nothing
select pg_advisory_lock(hashtextextended('shop.token', $1))
