-- Finds the Odoo product that answers to each wanted product key, by the strongest rule that finds any: our external id;
-- x_etsy_listing_id with the SKU or the variant; the SKU; the barcode. Archived products count only by the first two.
-- The service products of the lines (shipping, discount and so on) are found by external id.
--
-- grain:  one row per product key that Odoo has
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  snapshot.odoo_product, snapshot.odoo_product_template, snapshot.odoo_external_id, staging.etsy_product
-- writes: staging.odoo_product
with wanted as (
    select distinct on (product.product_key)
        product.product_key,
        product.sku,
        product.listing_id::text as listing_id,
        product.variant_key
    from staging.etsy_product as product
    where product.shop_id = any($2)
    order by product.product_key, product.shop_id
),
variant as (
    select
        product.id,
        product.default_code,
        product.barcode,
        product.x_etsy_variant_key,
        template.x_etsy_listing_id,
        template.name,
        coalesce(product.active, true) and coalesce(template.active, true) as active
    from snapshot.odoo_product as product
    join snapshot.odoo_product_template as template
        on template.run_id = $1 and template.id = product.product_tmpl_id
    where product.run_id = $1
),
by_external_id as (
    select external.name as product_key, variant.id, variant.name, variant.active
    from snapshot.odoo_external_id as external
    join variant on variant.id = external.res_id
    where external.run_id = $1
        and external.model = 'product.product'
        and (
            external.name in (select wanted.product_key from wanted)
            or external.name in ('service_shipping', 'service_discount', 'service_gift_wrap', 'service_etsy_tax',
                'placeholder')
        )
),
by_listing as (
    select wanted.product_key, variant.id, variant.name, variant.active
    from wanted
    join variant on variant.x_etsy_listing_id = wanted.listing_id
    where variant.default_code = wanted.sku
        or (wanted.sku is null and coalesce(variant.x_etsy_variant_key, '') = wanted.variant_key)
),
by_sku as (
    select wanted.product_key, variant.id, variant.name, variant.active
    from wanted
    join variant on variant.default_code = wanted.sku
    where variant.active
),
by_barcode as (
    select wanted.product_key, variant.id, variant.name, variant.active
    from wanted
    join variant on variant.barcode = wanted.sku
    where variant.active
),
candidate as (
    select 1 as rank, 'external_id' as matched_by, by_external_id.* from by_external_id
    union all
    select 2, 'listing', by_listing.* from by_listing
    union all
    select 3, 'sku', by_sku.* from by_sku
    union all
    select 4, 'barcode', by_barcode.* from by_barcode
),
best as (
    select candidate.product_key, min(candidate.rank) as rank
    from candidate
    group by candidate.product_key
)
insert into staging.odoo_product (run_id, product_key, copies, product_id, matched_by, name, active)
select
    $1,
    candidate.product_key,
    count(distinct candidate.id)::integer,
    min(candidate.id),
    min(candidate.matched_by),
    coalesce((array_agg(candidate.name order by candidate.id))[1], ''),
    coalesce((array_agg(candidate.active order by candidate.id))[1], true)
from candidate
join best on best.product_key = candidate.product_key and best.rank = candidate.rank
group by candidate.product_key
