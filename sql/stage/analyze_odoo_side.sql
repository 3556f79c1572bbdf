-- Gathers statistics of the Odoo side, which has just been staged.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.odoo_order;
analyze staging.odoo_customer;
analyze staging.odoo_product;
analyze staging.odoo_place;
analyze staging.product_speaker;
analyze staging.odoo_stock;
analyze staging.odoo_part;
