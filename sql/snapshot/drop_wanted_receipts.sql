-- Strikes receipts off the list of those to be read again.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipt_ids bigint[]
-- reads:  nothing
-- writes: snapshot.receipt_wanted
delete from snapshot.receipt_wanted
where shop_id = $1 and receipt_id = any($2)
