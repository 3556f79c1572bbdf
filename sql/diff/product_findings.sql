-- Gives each product finding with what Etsy's side asks for and what Odoo has.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_product, staging.odoo_product
-- writes: nothing
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    wanted.sku,
    wanted.listing_id,
    wanted.variant_key,
    wanted.name,
    wanted.is_digital,
    wanted.price,
    there.product_id,
    there.copies,
    there.name as odoo_name,
    there.matched_by
from diff.finding
join staging.etsy_product as wanted
    on wanted.shop_id = finding.shop_id and wanted.product_key = finding.key
left join staging.odoo_product as there
    on there.run_id = $1 and there.product_key = finding.key
where finding.run_id = $1 and finding.subject = 'products'
order by finding.shop_id, finding.key
