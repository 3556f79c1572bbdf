-- Forgets what an earlier try of the same run staged of Odoo.
--
-- grain:  one row per staged row
-- params: $1 run_id bigint
-- reads:  nothing
-- writes: staging.odoo_order, staging.odoo_customer, staging.odoo_product, staging.product_speaker, staging.odoo_place,
--         staging.place_alias, staging.odoo_stock, staging.odoo_part
with forgotten_orders as (
    delete from staging.odoo_order where run_id = $1
),
forgotten_customers as (
    delete from staging.odoo_customer where run_id = $1
),
forgotten_places as (
    delete from staging.odoo_place where run_id = $1
),
forgotten_aliases as (
    delete from staging.place_alias where run_id = $1
),
forgotten_stock as (
    delete from staging.odoo_stock where run_id = $1
),
forgotten_parts as (
    delete from staging.odoo_part where run_id = $1
),
forgotten_speakers as (
    delete from staging.product_speaker where run_id = $1
)
delete from staging.odoo_product where run_id = $1
