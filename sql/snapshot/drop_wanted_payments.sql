-- Strikes payments off the list of those to be read.
--
-- grain:  one row per payment
-- params: $1 shop_id bigint, $2 payment_ids bigint[]
-- reads:  nothing
-- writes: snapshot.payment_wanted
delete from snapshot.payment_wanted
where shop_id = $1 and payment_id = any($2)
