-- Names shops.
--
-- grain:  one row per shop
-- params: $1 shop_ids bigint[]
-- reads:  shop.shop
-- writes: nothing
select shop.shop_id, shop.name
from shop.shop
where shop.shop_id = any($1)
order by shop.shop_id
