-- Drops the rows of Odoo's database that runs before the last few have left behind.
--
-- grain:  one row per dropped row
-- params: $1 run_id bigint: rows of runs before it go
-- reads:  nothing
-- writes: snapshot.odoo_company, snapshot.odoo_currency, snapshot.odoo_country, snapshot.odoo_country_state,
--         snapshot.odoo_pricelist, snapshot.odoo_tax, snapshot.odoo_product_tax, snapshot.odoo_external_id, snapshot.odoo_partner, snapshot.odoo_product,
--         snapshot.odoo_product_template, snapshot.odoo_sale_order, snapshot.odoo_sale_order_line, snapshot.odoo_stock,
--         snapshot.odoo_kit, snapshot.odoo_warehouse, staging.odoo_stock, staging.odoo_part, staging.odoo_order, staging.odoo_customer,
--         staging.odoo_product, staging.product_speaker, snapshot.odoo_lang, staging.odoo_place, staging.place_alias,
--         snapshot.odoo_invoice, staging.ledger_class, staging.receipt_money
with gone_company as (delete from snapshot.odoo_company where run_id < $1),
gone_currency as (delete from snapshot.odoo_currency where run_id < $1),
gone_country as (delete from snapshot.odoo_country where run_id < $1),
gone_country_state as (delete from snapshot.odoo_country_state where run_id < $1),
gone_lang as (delete from snapshot.odoo_lang where run_id < $1),
gone_pricelist as (delete from snapshot.odoo_pricelist where run_id < $1),
gone_tax as (delete from snapshot.odoo_tax where run_id < $1),
gone_product_tax as (delete from snapshot.odoo_product_tax where run_id < $1),
gone_external_id as (delete from snapshot.odoo_external_id where run_id < $1),
gone_partner as (delete from snapshot.odoo_partner where run_id < $1),
gone_product as (delete from snapshot.odoo_product where run_id < $1),
gone_product_template as (delete from snapshot.odoo_product_template where run_id < $1),
gone_sale_order as (delete from snapshot.odoo_sale_order where run_id < $1),
gone_sale_order_line as (delete from snapshot.odoo_sale_order_line where run_id < $1),
gone_stock as (delete from snapshot.odoo_stock where run_id < $1),
gone_kit as (delete from snapshot.odoo_kit where run_id < $1),
gone_warehouse as (delete from snapshot.odoo_warehouse where run_id < $1),
gone_invoice as (delete from snapshot.odoo_invoice where run_id < $1),
gone_ledger_class as (delete from staging.ledger_class where run_id < $1),
gone_receipt_money as (delete from staging.receipt_money where run_id < $1),
gone_staged_order as (delete from staging.odoo_order where run_id < $1),
gone_staged_place as (delete from staging.odoo_place where run_id < $1),
gone_staged_alias as (delete from staging.place_alias where run_id < $1),
gone_staged_customer as (delete from staging.odoo_customer where run_id < $1),
gone_staged_product as (delete from staging.odoo_product where run_id < $1),
gone_staged_stock as (delete from staging.odoo_stock where run_id < $1),
gone_staged_part as (delete from staging.odoo_part where run_id < $1),
gone_speaker as (delete from staging.product_speaker where run_id < $1)
select 1
