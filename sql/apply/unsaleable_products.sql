-- Finds products that are archived or gone. Runs in Odoo's database.
--
-- grain:  one row per product that is archived or gone
-- params: $1 product_ids integer[]
-- reads:  public.product_product
-- writes: nothing
select asked.product_id
from unnest($1::integer[]) as asked (product_id)
left join product_product as product on product.id = asked.product_id and coalesce(product.active, true)
where product.id is null
