-- Fills the receipts of the quarter.
--
-- grain:  one row per receipt
-- params: none
-- reads:  public.sale
-- writes: staging.etsy_receipt
insert into staging.etsy_receipt
    (shop_id, receipt_id, buyer_user_id, status, is_paid, is_shipped, is_cancelled, created_at, updated_at, currency,
     grandtotal, subtotal, total_price, shipping, sales_tax, vat, discount, gift_wrap, refunded, name, country_iso,
     content_hash, page_id, changed_in_run)
select
    sale.shop_id, sale.receipt_id, sale.n, 'Paid', true, true, sale.is_cancelled, sale.created_at, sale.created_at,
    sale.currency, round((sale.price + sale.tax) / 100.00, 2), 0, 0, 0, round(sale.tax / 100.00, 2), 0, 0, 0,
    case when sale.is_refunded then round((sale.price + sale.tax) / 100.00, 2) else 0 end, 'A buyer', sale.country, 0, 0, 0
from public.sale
