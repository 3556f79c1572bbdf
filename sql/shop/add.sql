-- Adds a shop with the default policy.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 name text, $3 now timestamptz
-- reads:  nothing
-- writes: shop.shop, shop.policy
with added as (
    insert into shop.shop (shop_id, name, added_at)
    values ($1, $2, $3)
    returning shop_id
)
insert into shop.policy (shop_id)
select added.shop_id from added
