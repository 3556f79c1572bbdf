-- Registers the models and their fields as Odoo's ir_model and ir_model_fields list them.
--
-- grain:  one row per model, one row per field, one row per choice of a selection
-- params: none
-- reads:  information_schema.columns, pg_constraint
-- writes: ir_model, ir_model_fields, ir_model_fields_selection
insert into ir_model (model, name, "order", state)
select known.model, jsonb_build_object('en_US', known.label), known.ordering, 'base'
from (values
    ('ir.model', 'Models', 'model'), ('ir.model.fields', 'Fields', 'name'),
    ('ir.model.data', 'Model Data', 'module, model, name'), ('ir.module.module', 'Module', 'name'),
    ('res.currency', 'Currency', 'active desc, name'), ('res.currency.rate', 'Currency Rate', 'name desc, id'),
    ('res.country', 'Country', 'name'), ('res.country.state', 'Country state', 'code'),
    ('res.partner', 'Contact', 'complete_name, id desc'), ('res.company', 'Companies', 'sequence, name'),
    ('res.users', 'User', 'login'), ('res.users.apikeys', 'Users API Keys', 'id'), ('product.tag', 'Product Tag', 'sequence, id'),
    ('uom.uom', 'Product Unit of Measure', 'factor desc, id'),
    ('crm.team', 'Sales Team', 'sequence, id desc'), ('account.tax', 'Tax', 'sequence, id'),
    ('account.tax.group', 'Tax Group', 'sequence, id'), ('account.payment.term', 'Payment Terms', 'sequence, id'),
    ('account.fiscal.position', 'Fiscal Position', 'sequence'),
    ('account.fiscal.position.tax', 'Tax Mapping of Fiscal Position', 'id'), ('crm.tag', 'CRM Tag', 'id'),
    ('res.lang', 'Languages', 'active desc, name'), ('product.template', 'Product', 'is_favorite desc, name'),
    ('product.product', 'Product Variant', 'default_code, id'), ('product.pricelist', 'Pricelist', 'sequence, id'),
    ('product.attribute', 'Product Attribute', 'sequence, id'),
    ('product.attribute.value', 'Attribute Value', 'attribute_id, sequence, id'),
    ('product.template.attribute.value', 'Product Template Attribute Value', 'attribute_line_id, id'),
    ('stock.location', 'Inventory Locations', 'complete_name, id'), ('stock.warehouse', 'Warehouse', 'sequence, id'),
    ('stock.picking.type', 'Picking Type', 'sequence, id'), ('stock.lot', 'Lot/Serial', 'name, id'),
    ('stock.quant', 'Quants', 'id'), ('stock.picking', 'Transfer', 'priority desc, scheduled_date, id desc'),
    ('stock.move', 'Stock Move', 'sequence, id'), ('stock.move.line', 'Product Moves (Stock Move Line)', 'id'),
    ('procurement.group', 'Procurement Group', 'id desc'), ('delivery.carrier', 'Shipping Methods', 'sequence, id'),
    ('sale.order', 'Sales Order', 'date_order desc, id desc'),
    ('sale.order.line', 'Sales Order Line', 'order_id, sequence, id'), ('account.account', 'Account', 'code, id'),
    ('account.journal', 'Journal', 'sequence, type, code'),
    ('account.move', 'Journal Entry', 'date desc, name desc, invoice_date desc, id desc'),
    ('account.move.line', 'Journal Item', 'date desc, move_name desc, id')
) as known (model, label, ordering);

with stored as (
    select model.id as model_id, model.model, columns.column_name::text as name, columns.data_type,
           columns.is_nullable = 'NO' as required, replace(parent.relname, '_', '.') as relation
    from ir_model as model
    join information_schema.columns on columns.table_schema = 'public' and columns.table_name = replace(model.model, '.', '_')
    left join pg_constraint as key
        on key.contype = 'f' and key.conrelid = format('public.%I', columns.table_name)::regclass
        and key.conkey = array[columns.ordinal_position::smallint]
    left join pg_class as parent on parent.oid = key.confrelid
)
insert into ir_model_fields
    (model_id, model, name, ttype, relation, field_description, state, store, required, translate, company_dependent,
     copied, readonly, index)
select model_id, model, name,
       case
           when relation is not null then 'many2one'
           when name in ('create_uid', 'write_uid') then 'many2one'
           when data_type = 'character varying' then 'char'
           when data_type = 'timestamp without time zone' then 'datetime'
           when data_type in ('numeric', 'double precision') then 'float'
           when data_type = 'jsonb'
               and name in ('barcode', 'specific_property_product_pricelist', 'standard_price', 'code_store') then 'json'
           when data_type = 'jsonb' then 'char'
           else data_type
       end,
       coalesce(relation, case when name in ('create_uid', 'write_uid') then 'res.users' end),
       jsonb_build_object('en_US', initcap(replace(regexp_replace(name, '_id$', ''), '_', ' '))),
       'base', true, required, data_type = 'jsonb', false, true, false, false
from stored;

update ir_model_fields set translate = false where ttype = 'json';

-- Fields without a column: what others keep, and what a record shows.
insert into ir_model_fields
    (model_id, model, name, ttype, relation, relation_field, relation_table, column1, column2, related,
     field_description, state, store, required, translate, company_dependent, copied, readonly, index)
select model.id, model.model, extra.name, extra.ttype, extra.relation, extra.inverse, extra.relation_table,
       extra.column1, extra.column2, extra.related, jsonb_build_object('en_US', extra.label), 'base', false, false,
       false, false, false, false, false
from (values
    ('sale.order', 'order_line', 'one2many', 'sale.order.line', 'order_id', null, null, null, null, 'Order Lines'),
    ('sale.order', 'picking_ids', 'one2many', 'stock.picking', 'sale_id', null, null, null, null, 'Transfers'),
    ('sale.order', 'tag_ids', 'many2many', 'crm.tag', null, 'sale_order_tag_rel', 'order_id', 'tag_id', null, 'Tags'),
    ('sale.order.line', 'tax_id', 'many2many', 'account.tax', null, 'account_tax_sale_order_line_rel',
        'sale_order_line_id', 'account_tax_id', null, 'Taxes'),
    ('product.template', 'taxes_id', 'many2many', 'account.tax', null, 'product_taxes_rel', 'prod_id', 'tax_id', null,
        'Sales Taxes'),
    ('product.template', 'product_tag_ids', 'many2many', 'product.tag', null, 'product_tag_product_template_rel',
        'product_template_id', 'product_tag_id', null, 'Tags'),
    ('res.users', 'company_ids', 'many2many', 'res.company', null, 'res_company_users_rel', 'user_id', 'cid', null,
        'Companies'),
    ('product.template', 'product_variant_ids', 'one2many', 'product.product', 'product_tmpl_id', null, null, null, null,
        'Products'),
    ('product.template', 'barcode', 'char', null, null, null, null, null, 'product_variant_ids.barcode', 'Barcode'),
    ('res.partner', 'child_ids', 'one2many', 'res.partner', 'parent_id', null, null, null, null, 'Contact'),
    ('account.account', 'code', 'char', null, null, null, null, null, null, 'Code'),
    ('account.account', 'company_ids', 'many2many', 'res.company', null, 'account_account_res_company_rel',
        'account_account_id', 'res_company_id', null, 'Companies'),
    ('account.move', 'line_ids', 'one2many', 'account.move.line', 'move_id', null, null, null, null, 'Journal Items'),
    ('account.move', 'company_currency_id', 'many2one', 'res.currency', null, null, null, null, 'company_id.currency_id',
        'Company Currency'),
    ('account.move.line', 'move_type', 'char', null, null, null, null, null, 'move_id.move_type', 'Type')
) as extra (model, name, ttype, relation, inverse, relation_table, column1, column2, related, label)
join ir_model as model on model.model = extra.model;

insert into ir_model_fields (model_id, model, name, ttype, field_description, state, store, required, translate,
    company_dependent, copied, readonly, index)
select id, model, 'display_name', 'char', jsonb_build_object('en_US', 'Display Name'), 'base', false, false, false,
       false, false, true, false
from ir_model;

-- A variant shows the fields of its template (`_inherits`).
insert into ir_model_fields (model_id, model, name, ttype, relation, related, field_description, state, store, required,
    translate, company_dependent, copied, readonly, index)
select variant.id, variant.model, field.name, field.ttype, field.relation, 'product_tmpl_id.' || field.name,
       field.field_description, field.state, false, field.required, field.translate, false, false, false, false
from ir_model_fields as field
cross join ir_model as variant
where field.model = 'product.template' and variant.model = 'product.product' and field.related is null
  and field.ttype <> 'one2many'
  and not exists (select from ir_model_fields as own where own.model = variant.model and own.name = field.name);

-- The labels that Odoo's messages quote.
update ir_model_fields as field set field_description = jsonb_build_object('en_US', known.label)
from (values
    ('sale.order', 'partner_id', 'Customer'), ('sale.order', 'date_order', 'Order Date'),
    ('sale.order', 'name', 'Order Reference'), ('sale.order', 'client_order_ref', 'Customer Reference'),
    ('sale.order', 'partner_shipping_id', 'Delivery Address'), ('sale.order', 'partner_invoice_id', 'Invoice Address'),
    ('sale.order', 'user_id', 'Salesperson'), ('sale.order', 'team_id', 'Sales Team'), ('sale.order', 'state', 'Status'),
    ('sale.order', 'payment_term_id', 'Payment Terms'), ('sale.order', 'fiscal_position_id', 'Fiscal Position'),
    ('sale.order', 'origin', 'Source Document'), ('sale.order.line', 'name', 'Description'),
    ('sale.order.line', 'product_uom_qty', 'Quantity'), ('sale.order.line', 'price_unit', 'Unit Price'),
    ('sale.order.line', 'discount', 'Discount (%)'), ('sale.order.line', 'order_id', 'Order Reference'),
    ('res.partner', 'parent_id', 'Related Company'), ('res.partner', 'lang', 'Language'), ('res.partner', 'type', 'Address Type'),
    ('product.template', 'default_code', 'Internal Reference'), ('product.product', 'default_code', 'Internal Reference'),
    ('product.template', 'list_price', 'Sales Price'), ('product.product', 'list_price', 'Sales Price'),
    ('product.template', 'type', 'Product Type'), ('product.product', 'type', 'Product Type'),
    ('product.template', 'is_storable', 'Track Inventory'), ('product.product', 'is_storable', 'Track Inventory'),
    ('product.product', 'product_tmpl_id', 'Product Template'), ('res.currency', 'name', 'Currency'),
    ('account.account', 'account_type', 'Type'), ('account.account', 'currency_id', 'Account Currency'),
    ('account.account', 'name', 'Account Name'), ('account.account', 'reconcile', 'Allow Reconciliation'),
    ('account.journal', 'code', 'Short Code'), ('account.journal', 'name', 'Journal Name'),
    ('account.move', 'name', 'Number'), ('account.move', 'ref', 'Reference'), ('account.move', 'state', 'Status'),
    ('account.move', 'move_type', 'Type'), ('account.move', 'auto_post', 'Auto-post'),
    ('account.move', 'amount_total', 'Total'), ('account.move', 'amount_total_signed', 'Total Signed'),
    ('account.move', 'payment_state', 'Payment Status'), ('account.move', 'invoice_date', 'Invoice/Bill Date'),
    ('account.move.line', 'move_id', 'Journal Entry'), ('account.move.line', 'name', 'Label'),
    ('account.move.line', 'amount_currency', 'Amount in Currency'), ('account.move.line', 'move_name', 'Number'),
    ('account.move.line', 'parent_state', 'Status'), ('account.move.line', 'ref', 'Reference')
) as known (model, name, label)
where field.model = known.model and field.name = known.name;

with choice as (
    select * from (values
        ('res.partner', 'type', array['contact', 'invoice', 'delivery', 'other'],
            array['Contact', 'Invoice Address', 'Delivery Address', 'Other Address']),
        -- what can be chosen are the active languages
        ('res.partner', 'lang', array['de_DE', 'en_US'], array['German / Deutsch', 'English (US)']),
        ('product.template', 'type', array['consu', 'service', 'combo'], array['Goods', 'Service', 'Combo']),
        ('product.product', 'type', array['consu', 'service', 'combo'], array['Goods', 'Service', 'Combo']),
        ('product.template', 'invoice_policy', array['order', 'delivery'], array['Ordered quantities', 'Delivered quantities']),
        ('product.product', 'invoice_policy', array['order', 'delivery'], array['Ordered quantities', 'Delivered quantities']),
        ('sale.order', 'state', array['draft', 'sent', 'sale', 'cancel'],
            array['Quotation', 'Quotation Sent', 'Sales Order', 'Cancelled']),
        ('sale.order.line', 'display_type', array['line_section', 'line_note'], array['Section', 'Note']),
        ('account.account', 'account_type',
            array['asset_receivable', 'asset_cash', 'asset_current', 'asset_non_current', 'asset_prepayments', 'asset_fixed',
                'liability_payable', 'liability_credit_card', 'liability_current', 'liability_non_current', 'equity',
                'equity_unaffected', 'income', 'income_other', 'expense', 'expense_depreciation', 'expense_direct_cost',
                'off_balance'],
            array['Receivable', 'Bank and Cash', 'Current Assets', 'Non-current Assets', 'Prepayments', 'Fixed Assets',
                'Payable', 'Credit Card', 'Current Liabilities', 'Non-current Liabilities', 'Equity',
                'Current Year Earnings', 'Income', 'Other Income', 'Expenses', 'Depreciation', 'Cost of Revenue',
                'Off-Balance Sheet']),
        ('account.journal', 'type', array['sale', 'purchase', 'cash', 'bank', 'credit', 'general'],
            array['Sales', 'Purchase', 'Cash', 'Bank', 'Credit Card', 'Miscellaneous']),
        ('account.move', 'state', array['draft', 'posted', 'cancel'], array['Draft', 'Posted', 'Cancelled']),
        ('account.move', 'move_type',
            array['entry', 'out_invoice', 'out_refund', 'in_invoice', 'in_refund', 'out_receipt', 'in_receipt'],
            array['Journal Entry', 'Customer Invoice', 'Customer Credit Note', 'Vendor Bill', 'Vendor Credit Note',
                'Sales Receipt', 'Purchase Receipt']),
        ('account.move', 'auto_post', array['no', 'at_date', 'monthly', 'quarterly', 'yearly'],
            array['No', 'At Date', 'Monthly', 'Quarterly', 'Yearly']),
        ('account.move', 'payment_state',
            array['not_paid', 'in_payment', 'paid', 'partial', 'reversed', 'blocked', 'invoicing_legacy'],
            array['Not Paid', 'In Payment', 'Paid', 'Partially Paid', 'Reversed', 'Blocked', 'Invoicing App Legacy']),
        ('account.move.line', 'display_type',
            array['product', 'cogs', 'tax', 'discount', 'rounding', 'payment_term', 'line_section', 'line_note', 'epd'],
            array['Product', 'Cost of Goods Sold', 'Tax', 'Discount', 'Rounding', 'Payment Term', 'Section', 'Note',
                'Early Payment Discount'])
    ) as listed (model, name, codes, labels)
), selection as (
    update ir_model_fields as field set ttype = 'selection' from choice
    where field.model = choice.model and field.name = choice.name
    returning field.id, choice.codes, choice.labels
)
insert into ir_model_fields_selection (field_id, value, name, sequence)
select selection.id, item.code, jsonb_build_object('en_US', item.label), item.place
from selection, unnest(selection.codes, selection.labels) with ordinality as item (code, label, place);
