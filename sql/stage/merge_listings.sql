-- Brings the kept listings up to date with what came in. What they offer is merged apart, and stays when a page comes
-- without it.
--
-- grain:  one row per listing
-- params: none
-- reads:  pg_temp.incoming_listing, staging.etsy_listing
-- writes: staging.etsy_listing
with changed as (
    select incoming.*
    from incoming_listing as incoming
    left join staging.etsy_listing as kept on kept.shop_id = incoming.shop_id and kept.listing_id = incoming.listing_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
)
insert into staging.etsy_listing
    (shop_id, listing_id, state, title, is_digital, quantity, currency, price, updated_at, description, content_hash,
     page_id, changed_in_run)
select changed.shop_id, changed.listing_id, changed.state, changed.title, changed.is_digital, changed.quantity,
    changed.currency, changed.price, changed.updated_at, changed.description, changed.content_hash, changed.page_id,
    changed.changed_in_run
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
    description = excluded.description,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
