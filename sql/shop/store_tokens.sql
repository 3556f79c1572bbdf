-- Stores the sealed tokens of a shop in place of the ones before.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 sealed bytea, $3 access_expires_at timestamptz, $4 now timestamptz
-- reads:  nothing
-- writes: shop.token
insert into shop.token (shop_id, sealed, access_expires_at, refreshed_at)
values ($1, $2, $3, $4)
on conflict (shop_id) do update
set
    sealed = excluded.sealed,
    access_expires_at = excluded.access_expires_at,
    refreshed_at = excluded.refreshed_at
