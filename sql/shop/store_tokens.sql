-- Stores the sealed tokens of a login in place of the ones before, durably whatever the database's default is.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 sealed bytea, $3 access_expires_at timestamptz, $4 now timestamptz
-- reads:  nothing
-- writes: shop.token
with durable as materialized (
    select set_config('synchronous_commit', 'on', true) as value
)
insert into shop.token (shop_id, sealed, access_expires_at, refreshed_at)
select
    $1,
    $2,
    $3,
    $4
from durable
where durable.value = 'on'
on conflict (shop_id) do update
set
    sealed = excluded.sealed,
    access_expires_at = excluded.access_expires_at,
    refreshed_at = excluded.refreshed_at,
    granted_scopes = null,
    renewing_since = null,
    warned_at = null
