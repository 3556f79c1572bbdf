-- Takes away the note of a renewal that Etsy has refused in so many words, so that no pair can be lost by it.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: shop.token
update shop.token
set renewing_since = null
where shop_id = $1
