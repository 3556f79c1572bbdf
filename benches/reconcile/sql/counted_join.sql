-- Counts the pairs of the two sides: the planner drops every column but the keys.
--
-- grain:  one row
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.odoo_order
-- writes: nothing
with etsy_side as (
    select asked.shop_id, asked.receipt_id
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
),
odoo_side as (
    select there.shop_id, there.receipt_id
    from staging.odoo_order as there
    where there.run_id = $1 and there.shop_id = any($2)
)
select count(*)
from etsy_side
full join odoo_side
    on odoo_side.shop_id = etsy_side.shop_id and odoo_side.receipt_id = etsy_side.receipt_id
