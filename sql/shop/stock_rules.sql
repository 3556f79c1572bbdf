-- Lists what holds for single products of a shop instead of its policy.
--
-- grain:  one row per product
-- params: $1 shop_id bigint
-- reads:  shop.stock_rule
-- writes: nothing
select
    stock_rule.product_key,
    stock_rule.label,
    stock_rule.buffer,
    stock_rule.share,
    stock_rule.floor,
    stock_rule.cap,
    stock_rule.made_to_order,
    stock_rule.is_excluded,
    stock_rule.frozen
from shop.stock_rule
where stock_rule.shop_id = $1
order by stock_rule.label, stock_rule.product_key
