-- Fills the payments of the receipts.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: staging.etsy_payment
insert into staging.etsy_payment
    (shop_id, payment_id, receipt_id, status, currency, gross, fees, net, created_at, updated_at, content_hash, page_id,
     changed_in_run)
select $1, 5000000000 + receipt.n, 3000000000 + receipt.n, 'settled', 'USD', (500 + receipt.n % 20000) / 100.0, 0, 0,
    timestamptz '2026-01-01', timestamptz '2026-01-01', 0, 0, 0
from generate_series(1, $2::bigint) as receipt (n)
