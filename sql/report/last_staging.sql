-- Finds the last run whose staged side of Odoo is still there, and the evidence that it was staged from.
--
-- grain:  one row, or none
-- params: none
-- reads:  snapshot.odoo_read, snapshot.odoo_product, staging.odoo_product
-- writes: nothing
select read.run_id, read.taken_at
from snapshot.odoo_read as read
where exists (select from staging.odoo_product as there where there.run_id = read.run_id)
    and exists (select from snapshot.odoo_product as product where product.run_id = read.run_id)
order by read.run_id desc
limit 1
