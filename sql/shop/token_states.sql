-- Tells of all shops when their tokens were got, when the access token ends, and what was granted.
--
-- grain:  one row per connected shop
-- params: none
-- reads:  shop.token
-- writes: nothing
select
    shop_id,
    access_expires_at,
    refreshed_at,
    granted_scopes
from shop.token
order by shop_id
