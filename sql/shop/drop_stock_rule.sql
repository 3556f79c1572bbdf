-- Drops what held for one product of a shop: its policy holds again.
--
-- grain:  one row
-- params: $1 shop_id bigint, $2 product_key text
-- reads:  nothing
-- writes: shop.stock_rule
delete from shop.stock_rule where shop_id = $1 and product_key = $2
