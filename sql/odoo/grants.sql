-- Gives Odoo's read-only role what a run reads, column by column, and nothing else; run it as a superuser of Odoo's
-- database. It can be run again, and has to be after an `init` that made fields: rights on columns do not reach later ones.
--
-- grain:  none
-- params: none (the name of the role stands where :reader does)
-- reads:  nothing
-- writes: the rights of the role
do $$
begin
    if not exists (select from pg_roles where rolname = trim(both '"' from ':reader')) then
        raise exception 'create the role first: create role :reader login password ''...''';
    end if;
end
$$;
alter role :reader set default_transaction_read_only = on;
alter role :reader set statement_timeout = '120s';
alter role :reader set idle_in_transaction_session_timeout = '60s';
alter role :reader connection limit 4;
-- Odoo lets everybody create tables in its schema, and PostgreSQL lets everybody create temporary ones
revoke create on schema public from public;
do $$
declare
    odoo name := (select tableowner from pg_tables where schemaname = 'public' and tablename = 'sale_order');
begin
    execute format('grant create on schema public to %I', odoo);
    execute format('revoke temporary on database %I from public', current_database());
    execute format('grant temporary on database %I to %I', current_database(), odoo);
end
$$;
revoke all on all tables in schema public from :reader;
grant usage on schema public to :reader;
grant select (id, name, currency_id, active, account_price_include, tax_calculation_rounding_method, parent_path,
    fiscalyear_lock_date, hard_lock_date) on res_company to :reader;
grant select (id, name, decimal_places, rounding, active) on res_currency to :reader;
grant select (id, code) on res_country to :reader;
grant select (id, country_id, code, name) on res_country_state to :reader;
grant select (id, code, active) on res_lang to :reader;
grant select (id, currency_id, company_id, sequence, active) on product_pricelist to :reader;
grant select (id, company_id, type_tax_use, amount_type, price_include_override, active) on account_tax to :reader;
grant select (prod_id, tax_id) on product_taxes_rel to :reader;
grant select (id, name, model, res_id, module) on ir_model_data to :reader;
grant select (id, name, parent_id, type, street, street2, city, zip, state_id, country_id, active, x_etsy_buyer_id,
    company_id) on res_partner to :reader;
grant select (id, product_tmpl_id, default_code, barcode, active, x_etsy_variant_key) on product_product to :reader;
grant select (id, name, description, type, is_storable, tracking, active, list_price, company_id, x_etsy_listing_id)
    on product_template to :reader;
grant select (id, name, state, company_id, partner_id, partner_shipping_id, pricelist_id, currency_id, warehouse_id,
    client_order_ref, date_order, amount_untaxed, amount_tax, amount_total, invoice_status, delivery_status,
    x_etsy_receipt_id, x_etsy_shop) on sale_order to :reader;
grant select (id, order_id, product_id, display_type, product_uom_qty, price_unit, price_subtotal, price_total,
    is_delivery, x_etsy_transaction_id, discount) on sale_order_line to :reader;
grant select (id, product_id, location_id, lot_id, package_id, owner_id, quantity, reserved_quantity,
    inventory_quantity, inventory_diff_quantity, inventory_quantity_set) on stock_quant to :reader;
grant select (id, usage, parent_path, scrap_location, active) on stock_location to :reader;
grant select (id, product_id, product_qty, state, location_id, location_dest_id, location_final_id, sale_line_id)
    on stock_move to :reader;
grant select (move_id, quantity_product_uom) on stock_move_line to :reader;
grant select (id, name, code, view_location_id, lot_stock_id, company_id, active) on stock_warehouse to :reader;
grant select (invoice_line_id, order_line_id) on sale_order_line_invoice_rel to :reader;
grant select (id, move_id, price_total, amount_currency, balance) on account_move_line to :reader;
grant select (id, name, move_type, state, currency_id, invoice_date, date) on account_move to :reader;
grant select (id, code_store, account_type, currency_id, deprecated) on account_account to :reader;
grant select (account_account_id, res_company_id) on account_account_res_company_rel to :reader;
grant select (id, code, type, company_id, currency_id, active) on account_journal to :reader;
grant select (currency_id, company_id, name, rate) on res_currency_rate to :reader;
grant select (name, state, latest_version) on ir_module_module to :reader;
-- where Odoo makes kits (the module mrp), what they are made of
do $$
begin
    if to_regclass('public.mrp_bom') is not null then
        grant select (id, product_tmpl_id, product_id, product_uom_id, product_qty, sequence, type, active)
            on mrp_bom to :reader;
        grant select (id, bom_id, product_id, product_uom_id, product_qty) on mrp_bom_line to :reader;
        grant select (mrp_bom_line_id, product_template_attribute_value_id)
            on mrp_bom_line_product_template_attribute_value_rel to :reader;
        grant select (id, attribute_id, attribute_line_id) on product_template_attribute_value to :reader;
        grant select (id, value_count) on product_template_attribute_line to :reader;
        grant select (id, create_variant) on product_attribute to :reader;
        grant select (product_product_id, product_template_attribute_value_id) on product_variant_combination to :reader;
        grant select (uom_id) on product_template to :reader;
        grant select (id, factor, rounding) on uom_uom to :reader;
    end if;
end
$$;
