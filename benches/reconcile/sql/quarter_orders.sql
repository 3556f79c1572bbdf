-- Fills what the quarter's receipts ask of Odoo: Etsy's tax is left out.
--
-- grain:  one row per receipt
-- params: none
-- reads:  public.sale
-- writes: staging.etsy_order
insert into staging.etsy_order
    (shop_id, receipt_id, standing, ordered_at, currency, total, line_count, units, customer_key, address_key, residue,
     content_hash, policy_version, staged_in_run)
select
    sale.shop_id, sale.receipt_id, case when sale.is_cancelled then 'cancelled' else 'due' end, sale.created_at,
    sale.currency, round(sale.price / 100.00, 2), 2, 2, 'buyer_' || sale.n, 'address_' || sale.n, 0, sale.n, 1, 1
from public.sale
