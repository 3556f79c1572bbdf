-- Finds the shops whose login ends soon and of which nobody was told since a moment, and notes that somebody is.
--
-- grain:  one row per shop to be told of
-- params: $1 now timestamptz, $2 begun_after timestamptz, $3 begun_until timestamptz, $4 told_until timestamptz
-- reads:  shop.token, shop.shop
-- writes: shop.token
with told as (
    update shop.token
    set warned_at = $1
    where
        refreshed_at > $2
        and refreshed_at <= $3
        and (warned_at is null or warned_at <= $4)
    returning shop_id, refreshed_at
)
select
    shop.name,
    told.refreshed_at
from told
join shop.shop on shop.shop_id = told.shop_id
order by shop.name
