-- Brings the kept reference facts up to date with what came in.
--
-- grain:  one row per reference fact
-- params: none
-- reads:  pg_temp.incoming_reference, staging.etsy_reference
-- writes: staging.etsy_reference
with changed as (
    select incoming.*
    from incoming_reference as incoming
    left join staging.etsy_reference as kept on kept.shop_id = incoming.shop_id and kept.kind = incoming.kind and kept.reference_id = incoming.reference_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
)
insert into staging.etsy_reference
select changed.*
from changed
on conflict (shop_id, kind, reference_id) do update
set
    name = excluded.name,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
