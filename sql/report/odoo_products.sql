-- Gives the products that Odoo had in a run: all of them, or some.
--
-- grain:  one row per product, archived ones too
-- params: $1 run_id bigint, $2 product_ids integer[] or null
-- reads:  snapshot.odoo_product, snapshot.odoo_product_template
-- writes: nothing
select
    product.id,
    product.default_code as sku,
    product.barcode,
    coalesce(template.name, '') as name,
    coalesce(product.active, true) and coalesce(template.active, true) as is_active,
    template.type = 'service' as is_service,
    template.x_etsy_listing_id as listing_id,
    coalesce(product.x_etsy_variant_key, '') as variant_key
from snapshot.odoo_product as product
join snapshot.odoo_product_template as template
    on template.run_id = $1 and template.id = product.product_tmpl_id
where product.run_id = $1 and ($2::integer[] is null or product.id = any($2))
order by product.id
