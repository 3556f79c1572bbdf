-- Finds what is listed in a shop under a SKU, or under the number of a listing.
--
-- grain:  one row per product key
-- params: $1 shop_id bigint, $2 what text
-- reads:  staging.etsy_offering
-- writes: nothing
select
    offering.product_key,
    coalesce(
        max(offering.sku),
        'listing ' || min(offering.listing_id)
            || coalesce(', ' || nullif(min(offering.variations), ''), '')
    ) as label
from staging.etsy_offering as offering
where offering.shop_id = $1 and (offering.sku = btrim($2) or offering.listing_id::text = btrim($2))
group by offering.product_key
order by label
