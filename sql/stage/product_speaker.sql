-- Says which listing speaks for each Odoo product that listings answer to, and what it says. A product that was made for
-- a listing is spoken for by that listing alone, its own variant first; any other by the first place that offers it. So
-- listings, shops and variants that share a product never take turns.
--
-- grain:  one row per Odoo product
-- params: $1 run_id bigint
-- reads:  staging.odoo_product, staging.etsy_offering, staging.etsy_listing
-- writes: staging.product_speaker
with heard as (
    select
        there.product_id,
        offering.shop_id,
        offering.product_key,
        offering.listing_id,
        there.listing_id = offering.listing_id::text and there.variant_key = offering.variant_key as is_own_place,
        offering.variant_key,
        -- the form in which products are created
        case when there.listing_id = offering.listing_id::text then '[Etsy ' || offering.listing_id || '] ' else '' end
            || concat_ws(', ', listing.title, nullif(offering.variations, '')) as name,
        offering.sku,
        case when listing.description <> '' then listing.description_hash end as description_hash,
        listing.currency,
        offering.price
    from staging.odoo_product as there
    join staging.etsy_offering as offering on offering.product_key = there.product_key
    join staging.etsy_listing as listing
        on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
    where there.run_id = $1
        and there.copies = 1
        and there.active
        and listing.state in ('active', 'inactive', 'sold_out')
        and (there.listing_id is null or there.listing_id = offering.listing_id::text)
)
insert into staging.product_speaker
    (run_id, product_id, shop_id, product_key, listing_id, name, sku, description_hash, currency, price)
select distinct on (heard.product_id)
    $1, heard.product_id, heard.shop_id, heard.product_key, heard.listing_id, heard.name, heard.sku,
    heard.description_hash, heard.currency, heard.price
from heard
order by heard.product_id, heard.is_own_place desc nulls last, heard.listing_id, heard.variant_key
