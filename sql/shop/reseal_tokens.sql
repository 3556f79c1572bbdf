-- Stores the tokens of a shop under another seal, durably whatever the database's default is.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 sealed bytea
-- reads:  nothing
-- writes: shop.token
with durable as materialized (
    select set_config('synchronous_commit', 'on', true) as value
)
update shop.token
set sealed = $2
from durable
where
    token.shop_id = $1
    and durable.value = 'on'
