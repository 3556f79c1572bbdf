-- Gives the places on Etsy that offer a product key, with how many other ids Etsy gave each before.
--
-- grain:  one row per offering
-- params: $1 product_key text
-- reads:  staging.etsy_offering, staging.etsy_listing, staging.earlier_offering_id, shop.shop
-- writes: nothing
select
    shop.name as shop_name,
    offering.listing_id,
    listing.state,
    listing.title,
    offering.variations,
    offering.quantity,
    offering.is_enabled,
    offering.etsy_product_id,
    offering.etsy_offering_id,
    (
        select count(*)
        from staging.earlier_offering_id as earlier
        where earlier.shop_id = offering.shop_id
            and earlier.listing_id = offering.listing_id
            and earlier.variant_key = offering.variant_key
    ) as earlier_ids
from staging.etsy_offering as offering
join staging.etsy_listing as listing
    on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
join shop.shop on shop.shop_id = offering.shop_id
where offering.product_key = $1
order by shop.name, offering.listing_id, offering.variant_key
