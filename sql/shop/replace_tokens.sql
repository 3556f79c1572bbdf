-- Stores the pair that a renewal has brought, durably whatever the database's default is; what was granted stays.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 sealed bytea, $3 access_expires_at timestamptz, $4 now timestamptz
-- reads:  nothing
-- writes: shop.token
with durable as materialized (
    -- the old refresh token may be dead already: a crash of the server must not bring it back
    select set_config('synchronous_commit', 'on', true) as value
)
update shop.token
set
    sealed = $2,
    access_expires_at = $3,
    refreshed_at = $4,
    renewing_since = null,
    warned_at = null
from durable
where
    token.shop_id = $1
    and durable.value = 'on'
