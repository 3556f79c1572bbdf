-- Completes new product templates as Odoo's defaults would.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb
-- reads:  nothing
-- writes: nothing
select jsonb_build_object(
           'sequence', 1, 'categ_id', 1, 'uom_id', 1, 'uom_po_id', 1, 'type', 'consu', 'service_tracking', 'no',
           'list_price', 1.0, 'sale_ok', true, 'purchase_ok', true, 'active', true, 'is_favorite', false, 'sale_delay', 0,
           'tracking', 'none', 'is_storable', false, 'sale_line_warn', 'no-message', 'expense_policy', 'no',
           'invoice_policy', 'order', 'service_type', 'manual')
       || item.row
       || jsonb_build_object('list_price', round(coalesce((item.row ->> 'list_price')::numeric, 1), 2)) as row
from jsonb_array_elements($1) with ordinality as item (row, place)
order by item.place
