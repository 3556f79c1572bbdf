-- Fills the transactions of the receipts.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: staging.etsy_transaction
insert into staging.etsy_transaction
    (shop_id, receipt_id, transaction_id, position, listing_id, sku, product_key, variant_key, title, variations,
     personalisation, is_digital, quantity, price)
select $1, 3000000000 + receipt.n, 4000000000 + receipt.n, 0, 1 + receipt.n % 1000, 'SKU', 'sku_' || receipt.n % 1000, '',
    'A thing', '', '', false, 1, 5
from generate_series(1, $2::bigint) as receipt (n)
