-- Fills what Odoo has invoiced of the quarter, and credited of what went back.
--
-- grain:  one row per order, and one per refund
-- params: $1 run_id bigint
-- reads:  public.sale, staging.odoo_order
-- writes: snapshot.odoo_invoice
insert into snapshot.odoo_invoice (run_id, order_id, move_id, name, move_type, state, currency_id, invoiced_on, amount)
select
    $1, there.order_id, 2 * there.order_id + credit.note, 'INV/' || there.order_id,
    (array['out_invoice', 'out_refund'])[1 + credit.note], 'posted', 1, '2026-10-01',
    case credit.note when 0 then there.total else -there.total end
from staging.odoo_order as there
join public.sale on sale.shop_id = there.shop_id and sale.receipt_id = there.receipt_id
cross join generate_series(0, 1) as credit (note)
where there.run_id = $1 and there.state = 'sale' and (credit.note = 0 or sale.is_refunded)
