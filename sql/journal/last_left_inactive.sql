-- Tells as of when some listings are inactive because we have set them so: the time of change that Etsy showed then.
--
-- grain:  one row per listing whose last write left it inactive
-- params: $1 shop_id bigint, $2 listing_ids bigint[]
-- reads:  journal.inventory_written
-- writes: nothing
with last_written as (
    select distinct on (inventory_written.listing_id)
        inventory_written.listing_id,
        inventory_written.listing_state,
        inventory_written.listing_updated_at
    from journal.inventory_written
    where inventory_written.shop_id = $1 and inventory_written.listing_id = any($2)
    order by inventory_written.listing_id, inventory_written.written_at desc, inventory_written.attempt_id desc
)
select last_written.listing_id, last_written.listing_updated_at
from last_written
where last_written.listing_state = 'inactive'
order by last_written.listing_id
