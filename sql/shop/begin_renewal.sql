-- Notes that a shop's tokens are about to be renewed; an earlier note that nobody took away stays.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 now timestamptz
-- reads:  nothing
-- writes: shop.token
with durable as materialized (
    select set_config('synchronous_commit', 'on', true) as value
)
update shop.token
set renewing_since = coalesce(renewing_since, $2)
from durable
where
    token.shop_id = $1
    and durable.value = 'on'
