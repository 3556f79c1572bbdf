-- Completes new order lines: text, unit and price from the product, currency from the order, digits as Odoo keeps them.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb
-- reads:  sale_order, product_product, product_template
-- writes: nothing
with given as (
    select item.row, item.place, (item.row ->> 'order_id')::integer as order_id,
           (item.row ->> 'product_id')::integer as product_id, item.row ->> 'display_type' as display_type
    from jsonb_array_elements($1) with ordinality as item (row, place)
), priced as (
    select given.*, booked.company_id, booked.currency_id, booked.partner_id, booked.user_id, booked.state,
           booked.warehouse_id, template.uom_id, template.type,
           concat('[' || nullif(variant.default_code, '') || '] ', template.name ->> 'en_US') as product_name,
           case when display_type is not null then 0
                when row ? 'price_unit' then coalesce((row ->> 'price_unit')::numeric, 0)
                else coalesce(template.list_price * coalesce(booked.currency_rate, 1), 0) end as price_unit,
           case when display_type is not null then 0
                else coalesce((row ->> 'product_uom_qty')::numeric, case when row ? 'product_uom_qty' then 0 else 1 end)
           end as quantity
    from given
    left join sale_order as booked on booked.id = given.order_id
    left join product_product as variant on variant.id = given.product_id
    left join product_template as template on template.id = variant.product_tmpl_id
)
select jsonb_build_object(
           'sequence', 10, 'name', nullif(product_name, ''), 'product_uom', uom_id, 'discount', 0, 'customer_lead', 0,
           'qty_delivered_method', case when type = 'consu' then 'stock_move' when type is not null then 'manual' end,
           'invoice_status', 'no', 'qty_delivered', 0, 'qty_invoiced', 0, 'qty_to_invoice', 0, 'untaxed_amount_invoiced', 0,
           'untaxed_amount_to_invoice', 0, 'is_downpayment', false, 'is_expense', false, 'is_delivery', false)
       || row
       || jsonb_build_object(
           'price_unit', round(price_unit, 2), 'technical_price_unit', round(price_unit, 2),
           'product_uom_qty', round(quantity, 2), 'discount', round(coalesce((row ->> 'discount')::numeric, 0), 2),
           'company_id', company_id, 'currency_id', currency_id, 'order_partner_id', partner_id, 'salesman_id', user_id,
           'state', state, 'warehouse_id', warehouse_id) as row
from priced
order by place
