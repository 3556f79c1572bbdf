-- Reads the sealed tokens of all shops, and keeps others from changing them until the transaction ends.
--
-- grain:  one row per connected shop
-- params: none
-- reads:  shop.token, shop.shop
-- writes: nothing
select
    token.shop_id,
    shop.name,
    token.sealed
from shop.token
join shop.shop on shop.shop_id = token.shop_id
order by token.shop_id
for update of token
