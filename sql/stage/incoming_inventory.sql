-- Takes decoded inventories in.
--
-- grain:  one row per inventory, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_inventory
copy incoming_inventory (
    shop_id,
    listing_id,
    currency,
    fault,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
