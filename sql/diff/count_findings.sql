-- Gives each finding on a product that is counted in Odoo with what Etsy offers of it and what stands where it is counted.
--
-- grain:  one row per finding of a shop whose quantities are counted
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.stock_comparison, staging.compared_listing, staging.offering_target,
--         staging.etsy_offering, staging.odoo_product, snapshot.odoo_countable
-- writes: nothing
with offered as materialized (
    select
        target.shop_id,
        target.product_key,
        target.product_id,
        target.is_kit,
        target.listing_id,
        target.variant_key,
        target.known,
        target.share,
        target.buffer,
        floor(target.available - target.pending_elsewhere) as free,
        floor(target.available - target.pending_elsewhere - target.pending_here) as left_over,
        target.quantity_group <> target.variant_key and exists (
            select
            from staging.offering_target as sibling
            where sibling.shop_id = target.shop_id
                and sibling.listing_id = target.listing_id
                and sibling.quantity_group = target.quantity_group
                and sibling.product_key <> target.product_key
        ) as is_shared
    from staging.stock_comparison as comparison
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id and compared.state = 'active'
    join staging.offering_target as target
        on target.shop_id = compared.shop_id and target.listing_id = compared.listing_id
    where comparison.run_id = $1 and comparison.direction = 'count'
),
-- keys and shops that lead to one product count it once
of_product as (
    select
        offered.product_id,
        min(offered.shop_id) as first_shop_id,
        jsonb_agg(
            jsonb_build_object(
                'listing_id', offered.listing_id,
                'variations', shown.variations,
                'known', offered.known,
                'is_shared', offered.is_shared
            )
            order by offered.shop_id, offered.listing_id, offered.variant_key
        ) as offerings
    from offered
    left join staging.etsy_offering as shown
        on shown.shop_id = offered.shop_id
        and shown.listing_id = offered.listing_id
        and shown.variant_key = offered.variant_key
    where offered.product_id is not null
    group by offered.product_id
),
first_key as (
    select offered.shop_id, offered.product_id, min(offered.product_key) as product_key
    from offered
    where offered.product_id is not null
    group by offered.shop_id, offered.product_id
),
of_key as (
    select distinct on (offered.shop_id, offered.product_key) offered.*
    from offered
    order by offered.shop_id, offered.product_key, offered.listing_id, offered.variant_key
)
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    finding.differences,
    shown.sku,
    coalesce(of_product.offerings, '[]') as offerings,
    coalesce(of_product.first_shop_id = finding.shop_id and first_key.product_key = finding.key, true) as is_counted_here,
    of_key.product_id,
    coalesce(there.copies, 0) as copies,
    of_key.is_kit,
    coalesce(countable.is_tracked, false) as is_tracked,
    coalesce(countable.has_others, false) as has_others,
    comparison.location_id,
    coalesce(countable.quantity, 0) as seen,
    of_key.free,
    of_key.left_over,
    of_key.buffer,
    of_key.share
from diff.finding
join staging.stock_comparison as comparison
    on comparison.run_id = $1 and comparison.shop_id = finding.shop_id and comparison.direction = 'count'
join of_key on of_key.shop_id = finding.shop_id and of_key.product_key = finding.key
left join first_key on first_key.shop_id = finding.shop_id and first_key.product_id = of_key.product_id
left join of_product on of_product.product_id = of_key.product_id
left join staging.etsy_offering as shown
    on shown.shop_id = of_key.shop_id
    and shown.listing_id = of_key.listing_id
    and shown.variant_key = of_key.variant_key
left join staging.odoo_product as there
    on there.run_id = $1 and there.product_key = finding.key
left join snapshot.odoo_countable as countable
    on countable.run_id = $1
    and countable.product_id = of_key.product_id
    and countable.location_id = comparison.location_id
where finding.run_id = $1 and finding.subject = 'inventory'
order by finding.shop_id, finding.key
