-- Finds the Odoo product that answers to each wanted product key, by the strongest rule that finds any: the link that a
-- person made, to whichever product, archived or gone; our external id; x_etsy_listing_id with the SKU or the variant; the
-- SKU; the barcode; and for a SKU that is new on Etsy, the product that was made for its place (listing and variant),
-- unless another place uses that one. Archived products count by the rules on our own ids only. The service products of
-- the lines (shipping, discount and so on) are found by external id. The keys of all shops are looked at, whichever take
-- part in the run: products are shared by shops.
--
-- grain:  one row per product key that Odoo has
-- params: $1 run_id bigint
-- reads:  journal.current_product_link, snapshot.odoo_product, snapshot.odoo_product_template,
--         snapshot.odoo_external_id, snapshot.odoo_company, snapshot.odoo_currency, staging.etsy_product,
--         staging.etsy_offering, staging.etsy_listing
-- writes: staging.odoo_product
with listed as (
    select offering.product_key, offering.sku, offering.listing_id::text as listing_id, offering.variant_key
    from staging.etsy_offering as offering
    join staging.etsy_listing as listing
        on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
    where listing.state in ('active', 'inactive', 'sold_out')
),
-- every place at which a key is listed; of a key that is listed nowhere, the place of its first sale
wanted as (
    select distinct listed.product_key, listed.sku, listed.listing_id, listed.variant_key, true as is_listed
    from listed
    union all
    select distinct on (product.product_key)
        product.product_key, product.sku, product.listing_id::text, product.variant_key, false
    from staging.etsy_product as product
    where not product.is_listed
        and not exists (select from listed where listed.product_key = product.product_key)
    order by product_key, listing_id, variant_key
),
key as (
    select distinct wanted.product_key, wanted.sku, wanted.is_listed
    from wanted
),
siblings as (
    select product.product_tmpl_id, count(*) as variants
    from snapshot.odoo_product as product
    where product.run_id = $1 and coalesce(product.active, true)
    group by product.product_tmpl_id
),
-- a product that is shared by all companies is priced in the currency of the first
company as (
    select company.id, currency.name as currency, row_number() over (order by company.id) as place
    from snapshot.odoo_company as company
    join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = company.currency_id
    where company.run_id = $1
),
variant as (
    select
        product.id,
        product.product_tmpl_id as template_id,
        product.default_code as sku,
        product.barcode,
        coalesce(product.x_etsy_variant_key, '') as variant_key,
        template.x_etsy_listing_id as listing_id,
        coalesce(template.name, '') as name,
        template.list_price as price,
        company.currency,
        template.description_hash,
        coalesce(siblings.variants, 0)::integer as variants,
        coalesce(product.active, true) and coalesce(template.active, true) as active
    from snapshot.odoo_product as product
    join snapshot.odoo_product_template as template
        on template.run_id = $1 and template.id = product.product_tmpl_id
    left join siblings on siblings.product_tmpl_id = product.product_tmpl_id
    left join company
        on company.id = template.company_id or (template.company_id is null and company.place = 1)
    where product.run_id = $1
),
-- products whose SKU followed that of their place on Etsy: their external id is of an older SKU
renumbered as (
    select variant.id, variant.sku
    from variant
    join wanted
        on wanted.is_listed
        and wanted.listing_id = variant.listing_id
        and wanted.variant_key = variant.variant_key
        and wanted.sku = variant.sku
),
by_link as (
    select link.product_key, link.product_id as id
    from journal.current_product_link as link
    where link.product_id is not null
        and exists (select from key where key.product_key = link.product_key)
),
by_external_id as (
    select external.name as product_key, external.res_id as id
    from snapshot.odoo_external_id as external
    left join key on key.product_key = external.name
    left join renumbered on renumbered.id = external.res_id and key.is_listed and renumbered.sku <> key.sku
    where external.run_id = $1
        and external.model = 'product.product'
        and renumbered.id is null
        and (
            key.product_key is not null
            or external.name in ('service_shipping', 'service_discount', 'service_gift_wrap', 'service_etsy_tax',
                'placeholder')
        )
),
by_listing as (
    select wanted.product_key, variant.id
    from wanted
    join variant on variant.listing_id = wanted.listing_id
    where variant.sku = wanted.sku or (wanted.sku is null and variant.variant_key = wanted.variant_key)
),
by_sku as (
    select key.product_key, variant.id
    from key
    join variant on variant.sku = key.sku
    where variant.active
),
by_barcode as (
    select key.product_key, variant.id
    from key
    join variant on variant.barcode = key.sku
    where variant.active
),
-- products that a place other than their own uses, by the rules: a link is made on purpose, and takes the product from
-- nobody; and a key that is linked uses nothing else
used_elsewhere as (
    select distinct used.id
    from (
        select by_external_id.product_key, by_external_id.id from by_external_id
        union all
        select by_sku.product_key, by_sku.id from by_sku
        union all
        select by_barcode.product_key, by_barcode.id from by_barcode
    ) as used
    join variant on variant.id = used.id
    join key on key.product_key = used.product_key and key.is_listed
    where not exists (
        select
        from wanted
        where wanted.product_key = used.product_key
            and wanted.listing_id = variant.listing_id
            and wanted.variant_key = variant.variant_key
    )
        and not exists (select from by_link where by_link.product_key = used.product_key)
),
by_place as (
    select wanted.product_key, variant.id
    from wanted
    join variant on variant.listing_id = wanted.listing_id and variant.variant_key = wanted.variant_key
    left join used_elsewhere on used_elsewhere.id = variant.id
    where wanted.sku is not null and used_elsewhere.id is null
),
candidate as (
    select 0 as rank, 'link' as matched_by, by_link.* from by_link
    union all
    select 1, 'external_id', by_external_id.* from by_external_id
    union all
    select 2, 'listing', by_listing.* from by_listing
    union all
    select 3, 'sku', by_sku.* from by_sku
    union all
    select 4, 'barcode', by_barcode.* from by_barcode
    union all
    select 5, 'place', by_place.* from by_place
),
ranked as (
    select candidate.*, rank() over (partition by candidate.product_key order by candidate.rank) as standing
    from candidate
),
best as (
    select ranked.product_key, ranked.matched_by, count(distinct ranked.id)::integer as copies, min(ranked.id) as id
    from ranked
    where ranked.standing = 1
    group by ranked.product_key, ranked.matched_by
)
insert into staging.odoo_product
    (run_id, product_key, copies, product_id, matched_by, name, active, template_id, sku, price, currency, variants,
     description_hash, listing_id, variant_key)
select $1, best.product_key, best.copies, best.id, best.matched_by, coalesce(variant.name, ''),
    coalesce(variant.active, false), variant.template_id, variant.sku, variant.price, variant.currency, variant.variants,
    variant.description_hash, variant.listing_id, variant.variant_key
from best
left join variant on variant.id = best.id
where variant.id is not null or best.matched_by = 'link'
