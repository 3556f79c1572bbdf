-- Seeds one company in dollars: its users, taxes, pricelists, warehouse and locations, as a fresh Odoo 18 has them.
--
-- grain:  one company
-- params: none
-- reads:  res_country, res_currency
-- writes: res_lang, res_partner, res_company, res_users, res_company_users_rel, res_currency_rate, uom_uom, crm_team, account_tax*, account_payment_term, product_pricelist, stock_*, ir_module_module
insert into res_partner (id, name, complete_name, type, is_company, active, lang, autopost_bills, commercial_partner_id, country_id)
select fixed.id, fixed.name, fixed.name, 'contact', fixed.is_company, fixed.active, 'en_US', 'ask', fixed.id,
       (select id from res_country where code = 'US')
from (values
    (1, 'My Company', true, true), (2, 'OdooBot', false, false), (3, 'Administrator', false, true),
    (4, 'Public user', false, false), (5, 'Reconciliation', false, true)
) as fixed (id, name, is_company, active);
select setval('res_partner_id_seq', 5);

insert into res_company (name, partner_id, currency_id, sequence, parent_path, active, tax_calculation_rounding_method, quotation_validity_days)
select 'My Company', 1, id, 0, '1/', true, 'round_per_line', 30 from res_currency where name = 'USD';

insert into res_users (id, company_id, partner_id, active, login, share)
values (1, 1, 2, false, '__system__', false),
       (2, 1, 3, true, current_setting('sandbox.admin_login'), false),
       (3, 1, 4, false, 'public', true),
       (6, 1, 5, true, current_setting('sandbox.login'), false);
select setval('res_users_id_seq', 6);
insert into res_company_users_rel (cid, user_id) select company_id, id from res_users;

insert into res_currency_rate (currency_id, company_id, name, rate)
select currency.id, 1, date '2020-01-01', known.rate
from (values ('EUR', 0.9), ('JPY', 150.0), ('GBP', 0.8)) as known (name, rate)
join res_currency as currency on currency.name = known.name;

insert into uom_uom (uom_type, name, factor, rounding, active)
values ('reference', jsonb_build_object('en_US', 'Units'), 1.0, 0.01, true),
       ('bigger', jsonb_build_object('en_US', 'Dozens'), 0.083333333333, 0.01, true);

insert into crm_team (sequence, company_id, name, active) values (0, null, jsonb_build_object('en_US', 'Sales'), true);

insert into account_tax_group (sequence, company_id, country_id, name)
select 10, 1, id, jsonb_build_object('en_US', 'Tax 15%') from res_country where code = 'US';
insert into account_tax (company_id, sequence, tax_group_id, country_id, type_tax_use, amount_type, name, amount, active)
select 1, 1, 1, id, 'sale', 'percent', jsonb_build_object('en_US', '15%'), 15.0, true from res_country where code = 'US';
update res_company set account_sale_tax_id = 1;
do $$
begin
    execute format('alter table account_tax alter country_id set default %s', (select id from res_country where code = 'US'));
end $$;

insert into account_payment_term (company_id, sequence, name, active)
values (null, 10, jsonb_build_object('en_US', 'Immediate Payment'), true),
       (null, 10, jsonb_build_object('en_US', '30 Days'), true);

-- The company's own currency comes first: it is the pricelist of an order that names none.
insert into product_pricelist (sequence, currency_id, name, active)
select 16, id,
       jsonb_build_object('en_US', case name when 'USD' then 'Default (USD)' else name || ' pricelist' end), true
from res_currency where active
order by name <> 'USD', name;

insert into stock_location (id, location_id, company_id, name, complete_name, usage, parent_path, active, scrap_location, replenish_location)
values (1, null, null, 'Physical Locations', 'Physical Locations', 'view', '1/', true, false, false),
       (2, null, null, 'Partners', 'Partners', 'view', '2/', true, false, false),
       (3, null, null, 'Virtual Locations', 'Virtual Locations', 'view', '3/', true, false, false),
       (4, 2, null, 'Vendors', 'Partners/Vendors', 'supplier', '2/4/', true, false, false),
       (5, 2, null, 'Customers', 'Partners/Customers', 'customer', '2/5/', true, false, false),
       (7, null, 1, 'WH', 'WH', 'view', '7/', true, false, false),
       (8, 7, 1, 'Stock', 'WH/Stock', 'internal', '7/8/', true, false, true),
       (14, 3, 1, 'Inventory adjustment', 'Virtual Locations/Inventory adjustment', 'inventory', '3/14/', true, false, false),
       (15, 3, 1, 'Production', 'Virtual Locations/Production', 'production', '3/15/', true, false, false),
       (16, 3, 1, 'Scrap', 'Virtual Locations/Scrap', 'inventory', '3/16/', true, true, false);
select setval('stock_location_id_seq', 16);

insert into stock_warehouse (company_id, partner_id, view_location_id, lot_stock_id, sequence, name, code, reception_steps, delivery_steps, active)
values (1, 1, 7, 8, 10, 'My Company', 'WH', 'one_step', 'ship_only', true);
update stock_location set warehouse_id = 1 where parent_path like '7/%';

insert into stock_picking_type (sequence, default_location_src_id, default_location_dest_id, warehouse_id, company_id,
    sequence_code, code, reservation_method, create_backorder, move_type, name, active)
values (1, 4, 8, 1, 1, 'IN', 'incoming', 'at_confirm', 'ask', 'direct', jsonb_build_object('en_US', 'Receipts'), true),
       (2, 8, 5, 1, 1, 'OUT', 'outgoing', 'at_confirm', 'ask', 'direct', jsonb_build_object('en_US', 'Delivery Orders'), true);
update stock_warehouse set out_type_id = 2;

insert into ir_module_module (name, state, latest_version)
select name, 'installed', '18.0.1.0'
from unnest(array['base', 'contacts', 'account', 'product', 'sale', 'sale_management', 'stock', 'sale_stock', 'delivery',
    'stock_delivery']) as name;

insert into res_lang (name, code, iso_code, url_code, direction, active)
values ('English (US)', 'en_US', 'en', 'en', 'ltr', true), ('German / Deutsch', 'de_DE', 'de', 'de', 'ltr', true),
       ('French / Français', 'fr_FR', 'fr', 'fr', 'ltr', false), ('Japanese / 日本語', 'ja_JP', 'ja', 'ja', 'ltr', false);
