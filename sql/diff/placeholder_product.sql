-- Gives the product that stands in for the products that Odoo does not have.
--
-- grain:  one row, or none
-- params: $1 run_id bigint
-- reads:  staging.odoo_product
-- writes: nothing
select there.product_id
from staging.odoo_product as there
where there.run_id = $1 and there.product_key = 'placeholder' and there.copies = 1 and there.active
