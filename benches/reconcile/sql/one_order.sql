-- Gives the order of one receipt, as a script would look it up.
--
-- grain:  one row, or none
-- params: $1 run_id bigint, $2 shop_id bigint, $3 receipt_id bigint
-- reads:  staging.odoo_order
-- writes: nothing
select there.copies, there.state, there.ordered_at, there.currency, there.total, there.line_count, there.units
from staging.odoo_order as there
where there.run_id = $1 and there.shop_id = $2 and there.receipt_id = $3
