-- Pauses or resumes a shop.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 status text
-- reads:  nothing
-- writes: shop.shop
update shop.shop
set status = $2
where shop_id = $1
