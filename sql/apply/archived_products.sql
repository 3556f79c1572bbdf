-- Finds which of these products are archived, or gone. Runs in Odoo's database.
--
-- grain:  one row per product that can be sold no more
-- params: $1 product ids integer[]
-- reads:  public.product_product
-- writes: nothing
select asked.id as product_id
from unnest($1::integer[]) as asked (id)
left join product_product on product_product.id = asked.id
where product_product.active is not true
