-- Takes what we wrote to Etsy since both sides last agreed as what they agree on now: it was read back.
--
-- grain:  one row per offering
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, journal.inventory_written, staging.offering_base
-- writes: staging.offering_base
insert into staging.offering_base
    (shop_id, listing_id, variant_key, quantity, target, agreed_at, odd_quantity, odd_since)
select distinct on (written.shop_id, written.listing_id, written.variant_key)
    written.shop_id,
    written.listing_id,
    written.variant_key,
    written.quantity,
    written.target,
    written.written_at,
    null::integer,
    null::timestamptz
from journal.inventory_written as written
join staging.stock_comparison as comparison
    on comparison.run_id = $1 and comparison.shop_id = written.shop_id
left join staging.offering_base as base
    on base.shop_id = written.shop_id
    and base.listing_id = written.listing_id
    and base.variant_key = written.variant_key
where base.agreed_at is null or base.agreed_at < written.written_at
order by written.shop_id, written.listing_id, written.variant_key, written.written_at desc, written.attempt_id desc
on conflict (shop_id, listing_id, variant_key) do update
set
    quantity = excluded.quantity,
    target = excluded.target,
    agreed_at = excluded.agreed_at,
    odd_quantity = excluded.odd_quantity,
    odd_since = excluded.odd_since
