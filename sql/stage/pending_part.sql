-- Adds up what has been sold on Etsy and is taken by no confirmed order of Odoo: a unit that is promised and still stands in
-- Odoo's stock. Kits count as their parts. An order that is cancelled in Odoo is a person's decision; a receipt that is not
-- paid waits for two weeks. All shops count, whether they take part in the run or not: they sell from one stock.
--
-- grain:  one row per shop and part
-- params: $1 run_id bigint, $2 shop_ids bigint[] (those that take part in the run)
-- reads:  staging.etsy_order, staging.etsy_order_line, staging.odoo_order, staging.odoo_product, staging.odoo_part,
--         snapshot.odoo_sale_order, snapshot.odoo_external_id, shop.policy, journal.run
-- writes: staging.pending_part
with due as (
    select asked.shop_id, asked.receipt_id
    from staging.etsy_order as asked
    join shop.policy on policy.shop_id = asked.shop_id
    join journal.run on run.run_id = $1
    where asked.standing <> 'cancelled'
        and asked.ordered_at >= coalesce(policy.orders_from, '-infinity')
        and (asked.standing = 'due' or asked.ordered_at > run.started_at - interval '14 days')
),
-- the orders of the shops that take part are staged
here as (
    select due.*
    from due
    left join staging.odoo_order as there
        on there.run_id = $1 and there.shop_id = due.shop_id and there.receipt_id = due.receipt_id
    where due.shop_id = any($2) and (there.receipt_id is null or there.state in ('draft', 'sent'))
),
elsewhere as (
    select due.*
    from due
    where due.shop_id <> all($2)
),
settled_elsewhere as (
    select distinct elsewhere.shop_id, elsewhere.receipt_id
    from elsewhere
    join snapshot.odoo_external_id as external
        on external.run_id = $1
        and external.model = 'sale.order'
        and external.name = 'receipt_' || elsewhere.receipt_id
    join snapshot.odoo_sale_order as there on there.run_id = $1 and there.id = external.res_id
    where there.state not in ('draft', 'sent')
    union
    select elsewhere.shop_id, elsewhere.receipt_id
    from elsewhere
    join snapshot.odoo_sale_order as there
        on there.run_id = $1 and there.x_etsy_receipt_id = elsewhere.receipt_id::text
    where there.state not in ('draft', 'sent')
),
pending as (
    select here.shop_id, here.receipt_id
    from here
    union all
    select elsewhere.shop_id, elsewhere.receipt_id
    from elsewhere
    left join settled_elsewhere as settled
        on settled.shop_id = elsewhere.shop_id and settled.receipt_id = elsewhere.receipt_id
    where settled.receipt_id is null
),
line as (
    select asked.shop_id, asked.product_key, sum(asked.quantity) as units
    from pending
    join staging.etsy_order_line as asked
        on asked.shop_id = pending.shop_id and asked.receipt_id = pending.receipt_id
    where asked.transaction_id is not null
    group by asked.shop_id, asked.product_key
)
insert into staging.pending_part (run_id, shop_id, part_id, units)
select $1, line.shop_id, part.part_id, sum(line.units * part.per_unit)
from line
join staging.odoo_product as product
    on product.run_id = $1 and product.product_key = line.product_key and product.copies = 1
join staging.odoo_part as part on part.run_id = $1 and part.product_id = product.product_id
group by line.shop_id, part.part_id
