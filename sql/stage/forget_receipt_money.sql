-- Forgets what an earlier try of the same run laid side by side of the receipts' money.
--
-- grain:  one row per receipt
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  nothing
-- writes: staging.receipt_money
delete from staging.receipt_money
where run_id = $1 and shop_id = any($2)
