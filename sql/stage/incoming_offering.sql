-- Takes decoded offerings in.
--
-- grain:  one row per offering, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_offering
copy incoming_offering (
    shop_id,
    listing_id,
    variant_key,
    product_key,
    sku,
    variations,
    quantity,
    price,
    is_enabled,
    etsy_product_id,
    etsy_offering_id,
    quantity_group
) from stdin (format binary)
