-- Adds up what may have been sold without a receipt that shows, by what it takes out of stock. It can be of any product of
-- its quantity group, and every shop that sells from the same stock takes it off.
--
-- grain:  one row per part
-- params: $1 run_id bigint
-- reads:  pg_temp.moved_offering, pg_temp.seen_offering, staging.odoo_part
-- writes: pg_temp.odd_part
with odd as (
    select seen.shop_id, seen.listing_id, seen.quantity_group, part.part_id, max(moved.unexplained * part.per_unit) as units
    from moved_offering as moved
    join seen_offering as seen
        on seen.shop_id = moved.shop_id and seen.listing_id = moved.listing_id and seen.variant_key = moved.variant_key
    join staging.odoo_part as part on part.run_id = $1 and part.product_id = seen.product_id
    where moved.unexplained > 0
    group by seen.shop_id, seen.listing_id, seen.quantity_group, part.part_id
)
insert into odd_part (part_id, units)
select odd.part_id, sum(odd.units)
from odd
group by odd.part_id
