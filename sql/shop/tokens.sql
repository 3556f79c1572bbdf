-- Reads the sealed tokens of a shop, and whether a renewal of them was cut off.
--
-- grain:  one row per connected shop
-- params: $1 shop_id bigint
-- reads:  shop.token
-- writes: nothing
select
    sealed,
    access_expires_at,
    renewing_since
from shop.token
where shop_id = $1
