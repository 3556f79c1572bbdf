-- Adds the shop that everything belongs to, with the policy that a new shop has.
--
-- grain:  one row
-- params: $1 shop_id bigint
-- reads:  nothing
-- writes: shop.shop, shop.policy
with added as (
    insert into shop.shop (shop_id, name, added_at)
    values ($1, 'bench', timestamptz '2026-01-01')
    returning shop.shop_id
)
insert into shop.policy (shop_id)
select added.shop_id
from added
