-- Brings the kept offerings up to date with the inventories that came in. What is no longer offered goes.
--
-- grain:  one row per listing
-- params: none
-- reads:  pg_temp.incoming_inventory, pg_temp.incoming_offering, staging.etsy_inventory, staging.etsy_offering
-- writes: staging.etsy_inventory, staging.etsy_offering
with changed as (
    select incoming.*
    from incoming_inventory as incoming
    left join staging.etsy_inventory as kept
        on kept.shop_id = incoming.shop_id and kept.listing_id = incoming.listing_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
),
replaced as (
    delete from staging.etsy_offering as old
    using changed
    where old.shop_id = changed.shop_id
        and old.listing_id = changed.listing_id
        and not exists (
            select
            from incoming_offering as incoming
            where incoming.shop_id = old.shop_id
                and incoming.listing_id = old.listing_id
                and incoming.variant_key = old.variant_key
        )
),
offerings as (
    insert into staging.etsy_offering
    select distinct on (incoming.shop_id, incoming.listing_id, incoming.variant_key) incoming.*
    from incoming_offering as incoming
    join changed on changed.shop_id = incoming.shop_id and changed.listing_id = incoming.listing_id
    order by incoming.shop_id, incoming.listing_id, incoming.variant_key, incoming.etsy_offering_id desc
    on conflict (shop_id, listing_id, variant_key) do update
    set
        product_key = excluded.product_key,
        sku = excluded.sku,
        variations = excluded.variations,
        quantity = excluded.quantity,
        price = excluded.price,
        is_enabled = excluded.is_enabled,
        etsy_product_id = excluded.etsy_product_id,
        etsy_offering_id = excluded.etsy_offering_id,
        quantity_group = excluded.quantity_group
),
-- the page tells when an inventory was last seen, though it says what it said before
seen_again as (
    update staging.etsy_inventory as kept
    set page_id = incoming.page_id
    from incoming_inventory as incoming
    where kept.shop_id = incoming.shop_id
        and kept.listing_id = incoming.listing_id
        and kept.content_hash = incoming.content_hash
        and kept.page_id < incoming.page_id
)
insert into staging.etsy_inventory
select changed.*
from changed
on conflict (shop_id, listing_id) do update
set
    currency = excluded.currency,
    fault = excluded.fault,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
