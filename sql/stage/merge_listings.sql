-- Brings the kept listings up to date with what came in, like the receipts.
--
-- grain:  one row per listing
-- params: none
-- reads:  pg_temp.incoming_listing, pg_temp.incoming_offering
-- writes: staging.etsy_listing, staging.etsy_offering
with latest as (
    select distinct on (incoming.shop_id, incoming.listing_id) incoming.*
    from incoming_listing as incoming
    order by incoming.shop_id, incoming.listing_id, incoming.page_id desc
),
changed as (
    select latest.*
    from latest
    left join staging.etsy_listing as kept
        on kept.shop_id = latest.shop_id and kept.listing_id = latest.listing_id
    where kept.content_hash is distinct from latest.content_hash
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
        etsy_offering_id = excluded.etsy_offering_id
)
insert into staging.etsy_listing
select changed.*
from changed
on conflict (shop_id, listing_id) do update
set
    state = excluded.state,
    title = excluded.title,
    is_digital = excluded.is_digital,
    quantity = excluded.quantity,
    currency = excluded.currency,
    price = excluded.price,
    updated_at = excluded.updated_at,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
