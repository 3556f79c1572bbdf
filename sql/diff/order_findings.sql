-- Gives each order finding with what the receipt asks for, line by line, and the order that Odoo has. References to
-- products, customers and the pricelist are Odoo ids where Odoo has them, and null where it does not yet.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_order, staging.etsy_order_line, staging.odoo_order, staging.odoo_product,
--         staging.odoo_customer, snapshot.odoo_pricelist, snapshot.odoo_currency, shop.policy
-- writes: nothing
with finding as (
    select orders.shop_id, orders.key, orders.key::bigint as receipt_id, orders.verdict, orders.standing,
        orders.differences, orders.currency, orders.etsy_amount, orders.odoo_amount
    from diff.finding as orders
    where orders.run_id = $1 and orders.subject = 'orders'
),
product as (
    select there.product_key, there.product_id, there.copies, there.active
    from staging.odoo_product as there
    where there.run_id = $1
),
customer as (
    select there.customer_key, there.partner_id, there.copies, there.active
    from staging.odoo_customer as there
    where there.run_id = $1
),
lines as (
    select
        line.shop_id,
        line.receipt_id,
        jsonb_agg(
            jsonb_build_object(
                'line_key', line.line_key,
                'product_key', line.product_key,
                'product_id', case when product.copies = 1 and product.active then product.product_id end,
                'name', line.name,
                'quantity', line.quantity::text,
                'price_unit', line.price_unit::text,
                'is_delivery', line.is_delivery,
                'transaction_id', line.transaction_id
            )
            order by line.position, line.line_key
        ) as lines
    from finding
    join staging.etsy_order_line as line
        on line.shop_id = finding.shop_id and line.receipt_id = finding.receipt_id
    left join product on product.product_key = line.product_key
    group by line.shop_id, line.receipt_id
),
currency as (
    select odoo_currency.id, odoo_currency.name
    from snapshot.odoo_currency
    where odoo_currency.run_id = $1 and odoo_currency.active
),
-- the shop's own pricelist if it has one, else the first of the currency
pricelist as (
    select distinct on (policy.shop_id, currency.name)
        policy.shop_id,
        currency.name as currency,
        pricelist.id
    from shop.policy
    join snapshot.odoo_pricelist as pricelist
        on pricelist.run_id = $1 and pricelist.active
        and (policy.company_id is null or pricelist.company_id is null or pricelist.company_id = policy.company_id)
        and (policy.pricelist_id is null or pricelist.id = policy.pricelist_id)
    join currency on currency.id = pricelist.currency_id
    order by policy.shop_id, currency.name, pricelist.sequence, pricelist.id
)
select
    finding.shop_id,
    finding.key,
    finding.receipt_id,
    finding.verdict,
    finding.standing,
    finding.differences,
    finding.currency,
    finding.etsy_amount,
    finding.odoo_amount,
    asked.ordered_at,
    asked.customer_key,
    asked.address_key,
    asked.residue,
    buyer.partner_id,
    coalesce(buyer.copies, 0) as partner_copies,
    buyer_finding.key is not null as partner_is_decided,
    address.partner_id as address_id,
    coalesce(address.copies, 0) as address_copies,
    address_finding.key is not null as address_is_decided,
    pricelist.id as pricelist_id,
    coalesce(lines.lines, '[]') as lines,
    there.order_id,
    there.order_name,
    there.state,
    there.copies,
    there.ordered_at as odoo_ordered_at,
    there.line_count as odoo_line_count,
    there.invoice_status,
    there.delivery_status
from finding
left join staging.etsy_order as asked
    on asked.shop_id = finding.shop_id and asked.receipt_id = finding.receipt_id
left join staging.odoo_order as there
    on there.run_id = $1 and there.shop_id = finding.shop_id and there.receipt_id = finding.receipt_id
left join customer as buyer on buyer.customer_key = asked.customer_key
left join customer as address on address.customer_key = asked.address_key
left join diff.finding as buyer_finding
    on buyer_finding.run_id = $1 and buyer_finding.subject = 'customers'
        and buyer_finding.shop_id = finding.shop_id and buyer_finding.key = asked.customer_key
left join diff.finding as address_finding
    on address_finding.run_id = $1 and address_finding.subject = 'customers'
        and address_finding.shop_id = finding.shop_id and address_finding.key = asked.address_key
left join pricelist on pricelist.shop_id = finding.shop_id and pricelist.currency = asked.currency
left join lines on lines.shop_id = finding.shop_id and lines.receipt_id = finding.receipt_id
order by finding.shop_id, finding.receipt_id
