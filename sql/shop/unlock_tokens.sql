-- Gives back the lock under which the tokens of a shop are refreshed.
--
-- grain:  one row
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: nothing
select pg_advisory_unlock(hashtextextended('shop.token', $1))
