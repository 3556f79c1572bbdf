-- Reads the sealed tokens of a shop.
--
-- grain:  one row per connected shop
-- params: $1 shop_id bigint
-- reads:  shop.token
-- writes: nothing
select sealed, access_expires_at
from shop.token
where shop_id = $1
