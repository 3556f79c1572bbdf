-- Fills the lines of the quarter's receipts.
--
-- grain:  two rows per receipt
-- params: none
-- reads:  public.sale
-- writes: staging.etsy_transaction
insert into staging.etsy_transaction
    (shop_id, receipt_id, transaction_id, position, listing_id, sku, product_key, variant_key, title, variations,
     personalisation, is_digital, quantity, price)
select
    sale.shop_id, sale.receipt_id, 4000000000 + 2 * sale.n + line.position, line.position, 1 + sale.n % 1000, 'SKU',
    'sku_' || (sale.n + line.position) % 1000, '', 'A thing', '', '', false, 1, sale.price / 200.0
from public.sale
cross join generate_series(0, 1) as line (position)
