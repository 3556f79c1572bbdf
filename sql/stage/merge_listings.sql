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
