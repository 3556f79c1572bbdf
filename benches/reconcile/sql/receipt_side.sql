-- Fills the receipts.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: staging.etsy_receipt
insert into staging.etsy_receipt
    (shop_id, receipt_id, buyer_user_id, status, is_paid, is_shipped, is_cancelled, created_at, updated_at, currency,
     grandtotal, subtotal, total_price, shipping, sales_tax, vat, discount, gift_wrap, refunded, name, country_iso,
     content_hash, page_id, changed_in_run)
select $1, 3000000000 + receipt.n, receipt.n, 'Paid', true, true, false,
    timestamptz '2026-01-01' + receipt.n * interval '10 seconds', timestamptz '2026-01-01', 'USD',
    (500 + receipt.n % 20000) / 100.0, 0, 0, 0, 0, 0, 0, 0, 0, 'A buyer', 'US', 0, 0, 0
from generate_series(1, $2::bigint) as receipt (n)
