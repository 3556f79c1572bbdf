-- Gives the offerings of a SKU or a listing with everything that their quantities come about by, as the last run had it that
-- compared their shop.
--
-- grain:  one row per offering
-- params: $1 shop_ids bigint[], $2 what text (a SKU, or the number of a listing)
-- reads:  staging.offering_target, staging.etsy_offering, staging.etsy_listing, staging.compared_listing,
--         staging.stock_comparison, shop.shop
-- writes: nothing
select
    target.*,
    shop.name as shop_name,
    listing.title,
    coalesce(compared.state, listing.state) as state,
    listing.currency,
    offering.sku,
    offering.variations,
    comparison.direction,
    comparison.basis,
    comparison.warehouse_ids
from staging.offering_target as target
join shop.shop on shop.shop_id = target.shop_id
join staging.etsy_listing as listing
    on listing.shop_id = target.shop_id and listing.listing_id = target.listing_id
join staging.etsy_offering as offering
    on offering.shop_id = target.shop_id
    and offering.listing_id = target.listing_id
    and offering.variant_key = target.variant_key
join staging.stock_comparison as comparison on comparison.shop_id = target.shop_id
left join staging.compared_listing as compared
    on compared.shop_id = target.shop_id and compared.listing_id = target.listing_id
where target.shop_id = any($1)
    and (offering.sku = btrim($2) or target.listing_id::text = btrim($2))
order by shop.name, target.listing_id, target.variant_key
