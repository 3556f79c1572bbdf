-- Gives each finding on the quantities of a listing with its offerings: what Etsy shows, what Odoo allows, and how either
-- came about.
--
-- grain:  one row per finding of a shop whose quantities Odoo sets
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.stock_comparison, staging.compared_listing, staging.offering_target,
--         staging.etsy_listing, staging.etsy_offering, staging.etsy_inventory, staging.odoo_product, staging.odoo_part,
--         staging.odoo_stock
-- writes: nothing
with found as materialized (
    select
        finding.shop_id,
        finding.key::bigint as listing_id,
        finding.key,
        finding.verdict,
        finding.differences,
        comparison.basis,
        comparison.warehouse_ids
    from diff.finding
    join staging.stock_comparison as comparison
        on comparison.run_id = $1 and comparison.shop_id = finding.shop_id and comparison.direction = 'push'
    where finding.run_id = $1 and finding.subject = 'inventory'
),
offering as materialized (
    select target.*
    from found
    join staging.offering_target as target
        on target.shop_id = found.shop_id and target.listing_id = found.listing_id
),
wanted as (
    select distinct offering.shop_id, offering.product_id, part.part_id
    from offering
    join staging.odoo_part as part on part.run_id = $1 and part.product_id = offering.product_id
),
part as (
    select
        wanted.shop_id,
        wanted.product_id,
        wanted.part_id,
        coalesce(sum(case comparison.basis
            when 'sellable' then there.sellable
            when 'free' then there.free
            when 'on_hand' then there.on_hand
            else there.forecast
        end), 0) as available
    from wanted
    join staging.stock_comparison as comparison
        on comparison.run_id = $1 and comparison.shop_id = wanted.shop_id
    left join staging.odoo_stock as there
        on there.run_id = $1
        and there.product_id = wanted.part_id
        and there.warehouse_id = any(comparison.warehouse_ids)
        and not there.is_kit
    group by wanted.shop_id, wanted.product_id, wanted.part_id
),
parts as (
    select
        part.shop_id,
        part.product_id,
        jsonb_agg(
            jsonb_build_object('product_id', part.part_id, 'available', part.available::text) order by part.part_id
        ) as parts
    from part
    group by part.shop_id, part.product_id
),
offerings as (
    select
        offering.shop_id,
        offering.listing_id,
        jsonb_agg(
            jsonb_build_object(
                'variant_key', offering.variant_key,
                'quantity_group', offering.quantity_group,
                'variations', shown.variations,
                'sku', shown.sku,
                'price', offering.price::text,
                'observed', offering.observed,
                'known', offering.known,
                'target', offering.target,
                'unexplained', offering.unexplained,
                'base_quantity', offering.base_quantity,
                'base_target', offering.base_target,
                'agreed_at', offering.agreed_at,
                'sold_since_base', offering.sold_since_base,
                'moved', offering.moved,
                'obstacle', offering.obstacle,
                'is_read', offering.observed_at is not null,
                'frozen', offering.frozen,
                'product_key', offering.product_key,
                'product_id', offering.product_id,
                'copies', coalesce(there.copies, 0),
                'parts', case when offering.made_to_order is null then coalesce(parts.parts, '[]') else '[]' end
            )
            order by offering.variant_key
        ) as offerings
    from offering
    left join staging.etsy_offering as shown
        on shown.shop_id = offering.shop_id
        and shown.listing_id = offering.listing_id
        and shown.variant_key = offering.variant_key
    left join staging.odoo_product as there
        on there.run_id = $1 and there.product_key = offering.product_key
    left join parts on parts.shop_id = offering.shop_id and parts.product_id = offering.product_id
    group by offering.shop_id, offering.listing_id
)
select
    found.shop_id,
    found.key,
    found.listing_id,
    found.verdict,
    found.differences,
    found.basis,
    found.warehouse_ids,
    listing.title,
    listing.currency,
    compared.state,
    compared.updated_at,
    inventory.fault,
    coalesce(offerings.offerings, '[]') as offerings
from found
join staging.etsy_listing as listing
    on listing.shop_id = found.shop_id and listing.listing_id = found.listing_id
join staging.compared_listing as compared
    on compared.run_id = $1 and compared.shop_id = found.shop_id and compared.listing_id = found.listing_id
left join staging.etsy_inventory as inventory
    on inventory.shop_id = found.shop_id and inventory.listing_id = found.listing_id
left join offerings on offerings.shop_id = found.shop_id and offerings.listing_id = found.listing_id
order by found.shop_id, found.listing_id
