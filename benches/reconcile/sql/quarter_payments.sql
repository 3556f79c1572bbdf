-- Fills the payments of the quarter's receipts.
--
-- grain:  one row per receipt
-- params: none
-- reads:  public.sale
-- writes: staging.etsy_payment
insert into staging.etsy_payment
    (shop_id, payment_id, receipt_id, status, currency, gross, fees, net, created_at, updated_at, content_hash, page_id,
     changed_in_run)
select
    sale.shop_id, sale.payment_id, sale.receipt_id, 'settled', sale.currency, round((sale.price + sale.tax) / 100.00, 2), 0, 0,
    sale.created_at, sale.created_at, 0, 0, 0
from public.sale
