-- Takes decoded listings in.
--
-- grain:  one row per listing, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_listing
copy incoming_listing (
    shop_id,
    listing_id,
    state,
    title,
    is_digital,
    quantity,
    currency,
    price,
    updated_at,
    description,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
