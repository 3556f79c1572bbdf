-- Takes the locks of all shops' tokens until the transaction ends, in the order of the shops.
--
-- grain:  one row per connected shop
-- params: none
-- reads:  shop.token
-- writes: nothing
with connected as materialized (
    select token.shop_id
    from shop.token
    order by token.shop_id
)
select pg_advisory_xact_lock(hashtextextended('shop.token', connected.shop_id))
from connected
