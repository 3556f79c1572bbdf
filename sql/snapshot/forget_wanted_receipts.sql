-- Forgets which receipts of a shop are to be read again.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: snapshot.receipt_wanted
delete from snapshot.receipt_wanted
where shop_id = $1
