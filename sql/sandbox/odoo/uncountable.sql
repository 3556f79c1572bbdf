-- Finds what of given counts Odoo would refuse: products that are not stocked, and locations that hold nothing themselves.
--
-- grain:  one row per reason and location
-- params: $1 product_ids integer[], $2 location_ids integer[]
-- reads:  product_product, product_template, stock_location
-- writes: nothing
select null::varchar as view_location
from product_product as variant
join product_template as template on template.id = variant.product_tmpl_id
where variant.id = any ($1) and template.is_storable is not true
union
select coalesce(location.complete_name, location.name)
from stock_location as location
where location.id = any ($2) and location.usage = 'view'
order by view_location nulls first
