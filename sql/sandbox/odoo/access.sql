-- Creates groups, and says which may read, create, write and delete the records of which model, as Odoo 18's own
-- ir_model_access does; the bot is in those that an API user needs.
--
-- grain:  one row per group, one row per model and group
-- params: setting sandbox.login
-- reads:  ir_model, res_users
-- writes: ir_module_category, res_groups, res_groups_users_rel, ir_model_access, ir_model_data
create table ir_module_category (id serial primary key, name jsonb not null);
create table res_groups (
    id serial primary key, category_id integer references ir_module_category, name jsonb not null,
    constraint res_groups_name_uniq unique (category_id, name)
);
create table res_groups_users_rel (
    gid integer not null references res_groups on delete cascade, uid integer not null references res_users on delete cascade,
    primary key (gid, uid)
);
create table ir_model_access (
    id serial primary key, model_id integer not null references ir_model on delete cascade,
    group_id integer references res_groups, name varchar not null, active boolean, perm_read boolean, perm_create boolean,
    perm_write boolean, perm_unlink boolean
);

with listed (external_id, category, name, has_bot) as (
    values
    ('account.group_account_invoice', 'Invoicing', 'Invoicing', true),
    ('account.group_account_manager', 'Invoicing', 'Administrator', false),
    ('account.group_account_readonly', 'Technical', 'Show Accounting Features - Readonly', true),
    ('account.group_account_user', 'Technical', 'Show Full Accounting Features', false),
    ('base.group_erp_manager', 'Administration', 'Access Rights', false),
    ('base.group_partner_manager', 'Extra Rights', 'Contact Creation', true),
    ('base.group_system', 'Administration', 'Settings', false),
    ('base.group_user', 'User types', 'Internal User', true),
    ('product.group_product_manager', 'Extra Rights', 'Product Creation', true),
    ('product.group_product_pricelist', 'Technical', 'Basic Pricelists', true),
    ('sales_team.group_sale_manager', 'Sales', 'Administrator', false),
    ('sales_team.group_sale_salesman', 'Sales', 'User: Own Documents Only', true),
    ('sales_team.group_sale_salesman_all_leads', 'Sales', 'User: All Documents', true),
    ('stock.group_stock_manager', 'Inventory', 'Administrator', false),
    ('stock.group_stock_user', 'Inventory', 'User', true)), category as (
    insert into ir_module_category (name)
    select distinct jsonb_build_object('en_US', category) from listed
    returning id, name ->> 'en_US' as name
), made as (
    insert into res_groups (category_id, name)
    select category.id, jsonb_build_object('en_US', listed.name)
    from listed join category on category.name = listed.category
    returning id, category_id, name ->> 'en_US' as name
), named as (
    select made.id, listed.external_id, listed.has_bot
    from listed
    join category on category.name = listed.category
    join made on made.category_id = category.id and made.name = listed.name
), identified as (
    insert into ir_model_data (module, name, model, res_id, noupdate)
    select split_part(external_id, '.', 1), split_part(external_id, '.', 2), 'res.groups', id, true from named
)
insert into res_groups_users_rel (gid, uid)
select named.id, res_users.id from named join res_users on res_users.login = current_setting('sandbox.login')
where named.has_bot;

-- r: read, c: create, w: write, u: delete.
insert into ir_model_access (model_id, group_id, name, active, perm_read, perm_create, perm_write, perm_unlink)
select ir_model.id, ir_model_data.res_id, given.model || ' ' || given.external_id, true, given.rights like '%r%',
       given.rights like '%c%', given.rights like '%w%', given.rights like '%u%'
from (values
    ('account.account', 'account.group_account_invoice', 'r'),
    ('account.account', 'account.group_account_manager', 'rcwu'),
    ('account.account', 'account.group_account_readonly', 'r'), ('account.account', 'base.group_partner_manager', 'r'),
    ('account.account', 'base.group_user', 'r'), ('account.account', 'sales_team.group_sale_salesman', 'r'),
    ('account.account', 'stock.group_stock_manager', 'r'),
    ('account.fiscal.position', 'account.group_account_manager', 'rcwu'),
    ('account.fiscal.position', 'base.group_user', 'r'),
    ('account.fiscal.position.tax', 'account.group_account_manager', 'rcwu'),
    ('account.fiscal.position.tax', 'base.group_user', 'r'), ('account.journal', 'account.group_account_invoice', 'r'),
    ('account.journal', 'account.group_account_manager', 'rcwu'),
    ('account.journal', 'account.group_account_readonly', 'r'),
    ('account.journal', 'sales_team.group_sale_salesman', 'r'), ('account.journal', 'stock.group_stock_manager', 'rw'),
    ('account.move', 'account.group_account_invoice', 'rcwu'), ('account.move', 'account.group_account_manager', 'r'),
    ('account.move', 'account.group_account_readonly', 'r'), ('account.move', 'sales_team.group_sale_salesman', 'r'),
    ('account.move.line', 'account.group_account_invoice', 'rcwu'),
    ('account.move.line', 'account.group_account_manager', 'r'),
    ('account.move.line', 'account.group_account_readonly', 'r'),
    ('account.move.line', 'sales_team.group_sale_salesman', 'r'),
    ('account.payment.term', 'account.group_account_manager', 'rcwu'), ('account.payment.term', 'base.group_user', 'r'),
    ('account.payment.term', 'sales_team.group_sale_salesman', 'r'),
    ('account.tax', 'account.group_account_invoice', 'r'), ('account.tax', 'account.group_account_manager', 'rcwu'),
    ('account.tax', 'account.group_account_readonly', 'r'), ('account.tax', 'base.group_user', 'r'),
    ('account.tax', 'sales_team.group_sale_salesman', 'r'), ('account.tax.group', 'account.group_account_invoice', 'r'),
    ('account.tax.group', 'account.group_account_manager', 'rcwu'),
    ('account.tax.group', 'account.group_account_readonly', 'r'), ('account.tax.group', 'base.group_user', 'r'),
    ('account.tax.group', 'sales_team.group_sale_salesman', 'r'), ('crm.tag', 'sales_team.group_sale_manager', 'rcwu'),
    ('crm.tag', 'sales_team.group_sale_salesman', 'rcw'), ('crm.team', 'base.group_user', 'r'),
    ('crm.team', 'sales_team.group_sale_manager', 'rcwu'), ('crm.team', 'sales_team.group_sale_salesman', 'r'),
    ('delivery.carrier', 'base.group_partner_manager', 'r'), ('delivery.carrier', 'base.group_system', 'r'),
    ('delivery.carrier', 'sales_team.group_sale_manager', 'rcwu'),
    ('delivery.carrier', 'sales_team.group_sale_salesman', 'r'),
    ('delivery.carrier', 'stock.group_stock_manager', 'rcwu'), ('delivery.carrier', 'stock.group_stock_user', 'r'),
    ('ir.model', 'base.group_erp_manager', 'rcwu'), ('ir.model.data', 'base.group_erp_manager', 'rcwu'),
    ('ir.model.fields', 'base.group_erp_manager', 'rcwu'), ('ir.module.module', 'base.group_system', 'rcwu'),
    ('ir.module.module', 'base.group_user', 'r'), ('procurement.group', 'base.group_user', 'rcw'),
    ('product.attribute', 'base.group_user', 'r'), ('product.attribute', 'product.group_product_manager', 'rcwu'),
    ('product.attribute', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.attribute', 'stock.group_stock_manager', 'rcwu'), ('product.attribute.value', 'base.group_user', 'r'),
    ('product.attribute.value', 'product.group_product_manager', 'rcwu'),
    ('product.attribute.value', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.attribute.value', 'stock.group_stock_manager', 'rcwu'), ('product.category', 'base.group_user', 'r'),
    ('product.category', 'product.group_product_manager', 'rcwu'),
    ('product.category', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.category', 'stock.group_stock_manager', 'rcwu'), ('product.pricelist', 'base.group_partner_manager', 'r'),
    ('product.pricelist', 'base.group_user', 'r'), ('product.pricelist', 'product.group_product_manager', 'rcwu'),
    ('product.pricelist', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.pricelist', 'sales_team.group_sale_salesman', 'r'),
    ('product.pricelist', 'stock.group_stock_manager', 'rcwu'), ('product.pricelist.item', 'base.group_user', 'r'),
    ('product.pricelist.item', 'product.group_product_manager', 'rcwu'),
    ('product.pricelist.item', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.pricelist.item', 'stock.group_stock_manager', 'rcwu'),
    ('product.product', 'account.group_account_manager', 'rcwu'),
    ('product.product', 'account.group_account_readonly', 'r'), ('product.product', 'base.group_user', 'r'),
    ('product.product', 'product.group_product_manager', 'rcwu'),
    ('product.product', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.product', 'sales_team.group_sale_salesman', 'r'),
    ('product.product', 'stock.group_stock_manager', 'rcwu'), ('product.product', 'stock.group_stock_user', 'r'),
    ('product.tag', 'base.group_user', 'r'), ('product.tag', 'product.group_product_manager', 'rcwu'),
    ('product.tag', 'sales_team.group_sale_manager', 'rcwu'), ('product.tag', 'stock.group_stock_manager', 'rcwu'),
    ('product.template', 'account.group_account_manager', 'rcwu'), ('product.template', 'base.group_user', 'r'),
    ('product.template', 'product.group_product_manager', 'rcwu'),
    ('product.template', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.template', 'sales_team.group_sale_salesman', 'r'),
    ('product.template', 'stock.group_stock_manager', 'rcwu'), ('product.template', 'stock.group_stock_user', 'r'),
    ('product.template.attribute.value', 'base.group_user', 'r'),
    ('product.template.attribute.value', 'product.group_product_manager', 'rcwu'),
    ('product.template.attribute.value', 'sales_team.group_sale_manager', 'rcwu'),
    ('product.template.attribute.value', 'stock.group_stock_manager', 'rcwu'),
    ('res.company', 'base.group_erp_manager', 'rcwu'), ('res.company', 'base.group_user', 'r'),
    ('res.country', 'base.group_partner_manager', 'r'), ('res.country', 'base.group_system', 'rcwu'),
    ('res.country', 'base.group_user', 'r'), ('res.country.group', 'base.group_partner_manager', 'rcwu'),
    ('res.country.group', 'base.group_user', 'r'), ('res.country.state', 'base.group_partner_manager', 'rcwu'),
    ('res.country.state', 'base.group_user', 'r'), ('res.currency', 'account.group_account_manager', 'rcwu'),
    ('res.currency', 'base.group_system', 'rcwu'), ('res.currency', 'base.group_user', 'r'),
    ('res.currency.rate', 'account.group_account_manager', 'rcwu'), ('res.currency.rate', 'base.group_system', 'rcwu'),
    ('res.currency.rate', 'base.group_user', 'r'), ('res.lang', 'base.group_system', 'rcwu'),
    ('res.lang', 'base.group_user', 'r'), ('res.partner', 'account.group_account_manager', 'r'),
    ('res.partner', 'base.group_partner_manager', 'rcwu'), ('res.partner', 'base.group_user', 'r'),
    ('res.partner', 'sales_team.group_sale_manager', 'rcw'), ('res.partner', 'sales_team.group_sale_salesman', 'r'),
    ('res.partner', 'stock.group_stock_manager', 'rcw'), ('res.users', 'base.group_erp_manager', 'rcwu'),
    ('res.users', 'base.group_user', 'r'), ('res.users.apikeys', 'base.group_user', 'r'),
    ('sale.order', 'account.group_account_invoice', 'rw'), ('sale.order', 'account.group_account_readonly', 'r'),
    ('sale.order', 'account.group_account_user', 'rw'), ('sale.order', 'sales_team.group_sale_manager', 'rcwu'),
    ('sale.order', 'sales_team.group_sale_salesman', 'rcw'), ('sale.order', 'stock.group_stock_user', 'rw'),
    ('sale.order.line', 'account.group_account_invoice', 'rw'),
    ('sale.order.line', 'account.group_account_readonly', 'r'), ('sale.order.line', 'account.group_account_user', 'rw'),
    ('sale.order.line', 'sales_team.group_sale_salesman', 'rcwu'), ('sale.order.line', 'stock.group_stock_user', 'rw'),
    ('stock.location', 'base.group_partner_manager', 'r'), ('stock.location', 'base.group_user', 'r'),
    ('stock.location', 'sales_team.group_sale_manager', 'r'), ('stock.location', 'sales_team.group_sale_salesman', 'r'),
    ('stock.location', 'stock.group_stock_manager', 'rcwu'), ('stock.location', 'stock.group_stock_user', 'rw'),
    ('stock.lot', 'stock.group_stock_user', 'rcwu'), ('stock.move', 'account.group_account_invoice', 'rcw'),
    ('stock.move', 'account.group_account_readonly', 'r'), ('stock.move', 'sales_team.group_sale_manager', 'rcwu'),
    ('stock.move', 'sales_team.group_sale_salesman', 'rcw'), ('stock.move', 'stock.group_stock_manager', 'rcwu'),
    ('stock.move', 'stock.group_stock_user', 'rcw'), ('stock.move.line', 'base.group_user', 'rcwu'),
    ('stock.move.line', 'stock.group_stock_manager', 'rcwu'), ('stock.move.line', 'stock.group_stock_user', 'rcwu'),
    ('stock.picking', 'account.group_account_invoice', 'rcw'), ('stock.picking', 'account.group_account_readonly', 'r'),
    ('stock.picking', 'sales_team.group_sale_manager', 'rcwu'),
    ('stock.picking', 'sales_team.group_sale_salesman', 'rcw'), ('stock.picking', 'stock.group_stock_manager', 'rcwu'),
    ('stock.picking', 'stock.group_stock_user', 'rcwu'), ('stock.picking.type', 'base.group_user', 'r'),
    ('stock.picking.type', 'stock.group_stock_manager', 'rcwu'), ('stock.picking.type', 'stock.group_stock_user', 'r'),
    ('stock.quant', 'base.group_user', 'r'), ('stock.quant', 'stock.group_stock_user', 'rcw'),
    ('stock.warehouse', 'base.group_user', 'r'), ('stock.warehouse', 'sales_team.group_sale_salesman', 'r'),
    ('stock.warehouse', 'stock.group_stock_manager', 'rcwu'), ('uom.uom', 'base.group_system', 'rcwu'),
    ('uom.uom', 'base.group_user', 'r'), ('uom.uom', 'sales_team.group_sale_manager', 'rcwu'),
    ('uom.uom', 'sales_team.group_sale_salesman', 'r'), ('uom.uom', 'stock.group_stock_manager', 'rcwu')
) as given (model, external_id, rights)
join ir_model on ir_model.model = given.model
join ir_model_data
    on ir_model_data.model = 'res.groups' and ir_model_data.module || '.' || ir_model_data.name = given.external_id;
