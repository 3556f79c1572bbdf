-- Forgets the tokens of a shop.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: shop.token
delete from shop.token
where shop_id = $1
