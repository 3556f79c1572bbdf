-- Forgets which cancelled receipts are known, before all of them are read again.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: snapshot.cancelled_receipt
delete from snapshot.cancelled_receipt
where shop_id = $1
