-- Fills Odoo's side: 0.5 % of the receipts have no order, 0.1 % have two, and 1 % of the orders have another total.
--
-- grain:  one row per receipt that has an order
-- params: $1 shop_id bigint, $2 receipts bigint, $3 run_id bigint
-- reads:  nothing
-- writes: staging.odoo_order
insert into staging.odoo_order
    (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at, currency, total, line_count, units,
     invoice_status, delivery_status)
select
    $3,
    $1,
    3000000000 + receipt.n,
    case when receipt.n % 1000 = 9 then 2 else 1 end,
    receipt.n,
    'S' || receipt.n,
    case when receipt.n % 50 = 0 then 'cancel' else 'sale' end,
    timestamptz '2026-01-01' + receipt.n * interval '10 seconds',
    'USD',
    (500 + receipt.n % 20000 + case when receipt.n % 100 = 7 then 1 else 0 end) / 100.0,
    1 + receipt.n % 3,
    1 + receipt.n % 4,
    'invoiced',
    'full'
from generate_series(1, $2::bigint) as receipt (n)
where receipt.n % 200 <> 5
