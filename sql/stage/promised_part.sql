-- Adds up what is promised already of what Odoo has: what is sold and not booked, and what may have been sold without a
-- receipt that shows. That can be of any product of its quantity group, and every shop that sells from the same stock takes
-- it off.
--
-- grain:  one row per compared shop and part of which anything is promised
-- params: $1 run_id bigint
-- reads:  pg_temp.moved_offering, staging.odoo_product, staging.odoo_part, staging.pending_part,
--         staging.stock_comparison
-- writes: pg_temp.promised_part
with odd_group as (
    select moved.shop_id, moved.listing_id, moved.quantity_group, part.part_id, max(moved.unexplained * part.per_unit) as units
    from moved_offering as moved
    join staging.odoo_product as product
        on product.run_id = $1 and product.product_key = moved.product_key and product.copies = 1
    join staging.odoo_part as part on part.run_id = $1 and part.product_id = product.product_id
    where moved.unexplained > 0
    group by moved.shop_id, moved.listing_id, moved.quantity_group, part.part_id
),
either as (
    select pending.shop_id, pending.part_id, pending.units
    from staging.pending_part as pending
    where pending.run_id = $1
    union all
    select null, odd_group.part_id, odd_group.units
    from odd_group
)
insert into promised_part (shop_id, part_id, elsewhere, here, odd)
select
    comparison.shop_id,
    either.part_id,
    coalesce(sum(either.units) filter (where either.shop_id <> comparison.shop_id), 0),
    coalesce(sum(either.units) filter (where either.shop_id = comparison.shop_id), 0),
    coalesce(sum(either.units) filter (where either.shop_id is null), 0)
from staging.stock_comparison as comparison
cross join either
where comparison.run_id = $1
group by comparison.shop_id, either.part_id
