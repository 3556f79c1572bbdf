-- Keeps the copies of code on templates that have one variant.
--
-- grain:  one row per template
-- params: $1 template_ids integer[]
-- reads:  product_product
-- writes: product_template
with single as (
    select product_tmpl_id, min(default_code) as default_code from product_product
    where product_tmpl_id = any($1) and active
    group by product_tmpl_id
    having count(*) = 1
)
update product_template as template set default_code = single.default_code
from single
where template.id = single.product_tmpl_id and template.default_code is distinct from single.default_code
