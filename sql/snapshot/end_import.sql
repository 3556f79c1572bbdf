-- Ends the import of a shop's receipts.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 ended_at timestamptz
-- reads:  nothing
-- writes: snapshot.import
update snapshot.import
set ended_at = $2
where shop_id = $1
