-- Makes a role that may read what a reconciler reads and nothing else; it may run again when columns were added.
--
-- grain:  one role
-- params: settings sandbox.read_role and sandbox.read_password
-- reads:  pg_roles, pg_attribute
-- writes: the rights on the tables of schema public
do $$
declare
    reader text := current_setting('sandbox.read_role');
    custom record;
begin
    if not exists (select from pg_roles where rolname = reader) then
        execute format('create role %I', reader);
    end if;
    execute format('alter role %I login password %L connection limit 4', reader, current_setting('sandbox.read_password'));
    execute format('alter role %I set default_transaction_read_only = on', reader);
    execute format('alter role %I set statement_timeout = ''120s''', reader);
    execute format('alter role %I set idle_in_transaction_session_timeout = ''60s''', reader);
    execute format('revoke all on all tables in schema public from %I', reader);
    execute format('revoke temporary on database %I from public', current_database());
    -- Odoo itself grants this to everybody when it creates a database.
    revoke create on schema public from public;
    execute format('grant connect on database %I to %I', current_database(), reader);
    execute format('grant usage on schema public to %I', reader);
    execute format(
        'grant select on sale_order_line, product_product, product_template, product_pricelist, product_attribute, '
        || 'product_attribute_value, product_template_attribute_value, product_variant_combination, stock_quant, '
        || 'stock_location, stock_warehouse, stock_picking, stock_picking_type, stock_move, stock_move_line, stock_lot, '
        || 'account_tax, account_tax_group, account_tax_sale_order_line_rel, product_taxes_rel, res_country, res_country_state, res_lang, res_currency, '
        || 'res_currency_rate, uom_uom, crm_team to %I', reader);
    -- By column where a table holds what a reader has no business with; xmin has to be named too.
    execute format(
        'grant select (xmin, id, name, state, company_id, partner_id, partner_invoice_id, partner_shipping_id, pricelist_id, '
        || 'currency_id, currency_rate, user_id, team_id, warehouse_id, client_order_ref, origin, date_order, create_date, '
        || 'write_date, amount_untaxed, amount_tax, amount_total, invoice_status, delivery_status, carrier_id, locked, '
        || 'procurement_group_id) on sale_order to %I', reader);
    execute format(
        'grant select (xmin, id, name, parent_id, commercial_partner_id, type, ref, street, street2, city, zip, state_id, '
        || 'country_id, lang, company_id, active, create_date, write_date) on res_partner to %I', reader);
    execute format('grant select (xmin, id, name, currency_id, partner_id, active, parent_path, account_price_include, '
        || 'tax_calculation_rounding_method, fiscalyear_lock_date, hard_lock_date) on res_company to %I', reader);
    execute format(
        'grant select (xmin, id, module, name, model, res_id, noupdate, create_date, write_date) on ir_model_data to %I', reader);
    execute format(
        'grant select (xmin, id, name, model, ttype, state, store, relation, company_dependent, translate) on ir_model_fields to %I',
        reader);
    execute format(
        'grant select (xmin, id, name, active, product_id, delivery_type, company_id) on delivery_carrier to %I', reader);
    -- Of invoices and entries only what they come to: their lines have names of people and free words.
    execute format('grant select on sale_order_line_invoice_rel to %I', reader);
    execute format('grant select (id, move_id, price_total, account_id, currency_id, amount_currency, balance) '
        || 'on account_move_line to %I', reader);
    execute format('grant select (id, name, move_type, state, currency_id, invoice_date, date, journal_id) '
        || 'on account_move to %I', reader);
    execute format('grant select (id, name, code_store, account_type, currency_id, deprecated) on account_account to %I',
        reader);
    execute format('grant select on account_account_res_company_rel to %I', reader);
    execute format('grant select (id, code, type, company_id, currency_id, active) on account_journal to %I', reader);
    execute format('grant select (id, name, state, latest_version) on ir_module_module to %I', reader);
    -- A right on columns does not reach a column that is added later.
    for custom in
        select attrelid::regclass as target, attname from pg_attribute
        where attrelid in ('sale_order'::regclass, 'res_partner'::regclass) and attname like 'x\_etsy\_%' and not attisdropped
    loop
        execute format('grant select (%I) on %s to %I', custom.attname, custom.target, reader);
    end loop;
end $$;
