-- Fills Odoo's side of the quarter: 0.2 % of the receipts have no order, 0.1 % have two, 0.5 % of the orders have another total.
--
-- grain:  one row per receipt that has an order
-- params: $1 run_id bigint
-- reads:  public.sale
-- writes: staging.odoo_order
insert into staging.odoo_order
    (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at, currency, total, line_count, units,
     invoice_status, delivery_status)
select
    $1, sale.shop_id, sale.receipt_id, case when sale.n % 1000 = 9 then 2 else 1 end, sale.n, 'S' || sale.n,
    case when sale.is_cancelled then 'cancel' else 'sale' end, sale.created_at, sale.currency,
    round((sale.price + case when sale.n % 200 = 7 then 100 else 0 end) / 100.00, 2), 2, 2, 'invoiced', 'full'
from public.sale
where sale.n % 500 <> 11
