-- Joins the two sides over the columns that the comparison reads, and throws every row away in the server.
--
-- grain:  none; one row per receipt_id is joined
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.odoo_order
-- writes: nothing
with etsy_side as (
    select asked.shop_id, asked.receipt_id, asked.standing, asked.ordered_at, asked.currency, asked.total,
        asked.line_count, asked.units
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
),
odoo_side as (
    select there.shop_id, there.receipt_id, there.copies, there.state, there.ordered_at, there.currency, there.total,
        there.line_count, there.units
    from staging.odoo_order as there
    where there.run_id = $1 and there.shop_id = any($2)
)
select *
from etsy_side
full join odoo_side
    on odoo_side.shop_id = etsy_side.shop_id and odoo_side.receipt_id = etsy_side.receipt_id
offset 1000000000
