-- Tells when the tokens of a shop were got and when the access token ends.
--
-- grain:  one row per connected shop
-- params: $1 shop_id bigint
-- reads:  shop.token
-- writes: nothing
select access_expires_at, refreshed_at
from shop.token
where shop_id = $1
