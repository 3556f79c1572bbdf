-- Stores what the seller granted with the login of a shop, in Etsy's words.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 granted_scopes text[]
-- reads:  nothing
-- writes: shop.token
update shop.token
set granted_scopes = $2
where shop_id = $1
