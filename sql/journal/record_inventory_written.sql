-- Records what Etsy showed of some offerings after a write.
--
-- grain:  one row per offering that was written
-- params: $1 attempt_ids bigint[], $2 shop_ids bigint[], $3 listing_ids bigint[], $4 variant_keys text[],
--         $5 quantities integer[], $6 targets integer[], $7 listing_states text[], $8 listing_updated_at timestamptz[],
--         $9 written_at timestamptz[]
-- reads:  nothing
-- writes: journal.inventory_written
insert into journal.inventory_written
    (attempt_id, shop_id, listing_id, variant_key, quantity, target, listing_state, listing_updated_at, written_at)
select
    written.attempt_id,
    written.shop_id,
    written.listing_id,
    written.variant_key,
    written.quantity,
    written.target,
    written.listing_state,
    written.listing_updated_at,
    written.written_at
from unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::timestamptz[],
    $9::timestamptz[]
) as written (
    attempt_id, shop_id, listing_id, variant_key, quantity, target, listing_state, listing_updated_at, written_at
)
