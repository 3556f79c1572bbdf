-- Creates the tables of Odoo 18's product and stock modules, with its column names, types and constraint names.
--
-- grain:  one table per Odoo model, columns that nobody reads here left out
-- params: none
-- reads:  res_company, res_currency, res_partner, res_users, uom_uom, account_tax
-- writes: product_*, stock_*, procurement_group
create table product_template (
    id serial primary key, sequence integer, categ_id integer not null, uom_id integer not null references uom_uom,
    uom_po_id integer not null references uom_uom, company_id integer references res_company, color integer,
    type varchar not null, service_tracking varchar not null, default_code varchar, name jsonb not null,
    description jsonb, description_sale jsonb, list_price numeric, volume numeric, weight numeric, sale_ok boolean,
    purchase_ok boolean, active boolean, is_favorite boolean, sale_delay integer, tracking varchar not null,
    is_storable boolean, service_type varchar, sale_line_warn varchar not null, expense_policy varchar,
    invoice_policy varchar
);
create index on product_template (company_id);
create table product_product (
    id serial primary key, product_tmpl_id integer not null references product_template on delete cascade,
    default_code varchar, barcode varchar, combination_indices varchar, standard_price jsonb, volume numeric,
    weight numeric, active boolean
);
create index on product_product (barcode) where barcode is not null;
create index on product_product (default_code);
create index on product_product (product_tmpl_id);
create unique index product_product_combination_unique
    on product_product (product_tmpl_id, combination_indices) where active is true;
create table product_tag (
    id serial primary key, sequence integer, color varchar, name jsonb not null,
    constraint product_tag_name_uniq unique (name)
);
create table product_tag_product_template_rel (
    product_template_id integer not null references product_template on delete cascade,
    product_tag_id integer not null references product_tag on delete cascade,
    primary key (product_template_id, product_tag_id)
);
create table product_taxes_rel (
    prod_id integer not null references product_template on delete cascade,
    tax_id integer not null references account_tax on delete cascade, primary key (prod_id, tax_id)
);
create table product_attribute (
    id serial primary key, sequence integer, create_variant varchar not null, display_type varchar not null,
    name jsonb not null, active boolean,
    constraint product_attribute_check_multi_checkbox_no_variant
        check (display_type <> 'multi' or create_variant = 'no_variant')
);
create table product_attribute_value (
    id serial primary key, sequence integer, attribute_id integer not null references product_attribute,
    name jsonb not null, active boolean
);
create table product_template_attribute_value (
    id serial primary key, product_attribute_value_id integer not null references product_attribute_value,
    attribute_line_id integer not null, product_tmpl_id integer references product_template,
    attribute_id integer references product_attribute, price_extra numeric, ptav_active boolean,
    constraint product_template_attribute_value_attribute_value_unique
        unique (attribute_line_id, product_attribute_value_id)
);
create table product_variant_combination (
    product_product_id integer not null references product_product on delete cascade,
    product_template_attribute_value_id integer not null references product_template_attribute_value,
    primary key (product_product_id, product_template_attribute_value_id)
);
create table product_pricelist (
    id serial primary key, sequence integer, currency_id integer not null references res_currency,
    company_id integer references res_company, name jsonb not null, active boolean
);
create table stock_location (
    id serial primary key, location_id integer references stock_location, company_id integer references res_company,
    warehouse_id integer, name varchar not null, complete_name varchar, usage varchar not null, parent_path varchar,
    barcode varchar, active boolean, scrap_location boolean, replenish_location boolean,
    constraint stock_location_barcode_company_uniq unique (barcode, company_id)
);
create index on stock_location (parent_path);
create table stock_warehouse (
    id serial primary key, company_id integer not null references res_company, partner_id integer references res_partner,
    view_location_id integer not null references stock_location, lot_stock_id integer not null references stock_location,
    out_type_id integer, sequence integer, name varchar not null, code varchar(5) not null,
    reception_steps varchar not null, delivery_steps varchar not null, active boolean,
    constraint stock_warehouse_warehouse_code_uniq unique (code, company_id),
    constraint stock_warehouse_warehouse_name_uniq unique (name, company_id)
);
alter table stock_location add foreign key (warehouse_id) references stock_warehouse;
create table stock_picking_type (
    id serial primary key, sequence integer, default_location_src_id integer not null references stock_location,
    default_location_dest_id integer not null references stock_location, warehouse_id integer references stock_warehouse,
    company_id integer not null references res_company, sequence_code varchar not null, code varchar not null,
    reservation_method varchar not null, create_backorder varchar not null, move_type varchar not null,
    name jsonb not null, active boolean
);
alter table stock_warehouse add foreign key (out_type_id) references stock_picking_type;
create table stock_lot (
    id serial primary key, product_id integer not null references product_product,
    company_id integer references res_company, location_id integer references stock_location, name varchar not null,
    ref varchar
);
create table stock_quant (
    id serial primary key, product_id integer not null references product_product,
    company_id integer references res_company, location_id integer not null references stock_location,
    lot_id integer references stock_lot, package_id integer, owner_id integer references res_partner,
    user_id integer references res_users, inventory_date date, quantity numeric, reserved_quantity numeric not null,
    inventory_quantity numeric, inventory_diff_quantity numeric, inventory_quantity_set boolean,
    in_date timestamp not null
);
create index on stock_quant (location_id);
create index on stock_quant (product_id);
create table procurement_group (
    id serial primary key, partner_id integer references res_partner, name varchar not null, move_type varchar not null,
    sale_id integer
);
create table stock_picking (
    id serial primary key, backorder_id integer references stock_picking, return_id integer references stock_picking,
    group_id integer references procurement_group, location_id integer not null references stock_location,
    location_dest_id integer not null references stock_location,
    picking_type_id integer not null references stock_picking_type, partner_id integer references res_partner,
    company_id integer references res_company, user_id integer references res_users,
    owner_id integer references res_partner, name varchar, origin varchar, move_type varchar not null, state varchar,
    priority varchar, note text, printed boolean, is_locked boolean, scheduled_date timestamp, date_deadline timestamp,
    date timestamp, date_done timestamp, sale_id integer, carrier_id integer, carrier_tracking_ref varchar,
    weight numeric, carrier_price float8,
    constraint stock_picking_name_uniq unique (name, company_id)
);
create index on stock_picking (sale_id) where sale_id is not null;
create table stock_move (
    id serial primary key, sequence integer, company_id integer not null references res_company,
    product_id integer not null references product_product, product_uom integer not null references uom_uom,
    location_id integer not null references stock_location, location_dest_id integer not null references stock_location,
    location_final_id integer references stock_location, partner_id integer references res_partner,
    picking_id integer references stock_picking, group_id integer references procurement_group,
    picking_type_id integer references stock_picking_type, warehouse_id integer references stock_warehouse,
    name varchar not null, priority varchar, state varchar, origin varchar, procure_method varchar not null,
    reference varchar, reservation_date date, description_picking text, product_qty numeric,
    product_uom_qty numeric not null, quantity numeric, picked boolean, scrapped boolean, propagate_cancel boolean,
    is_inventory boolean, additional boolean, date timestamp not null, date_deadline timestamp, price_unit float8,
    to_refund boolean, sale_line_id integer, weight numeric
);
create index on stock_move (picking_id);
create index on stock_move (sale_line_id) where sale_line_id is not null;
create index on stock_move (state);
create index on stock_move (product_id, location_id, location_dest_id, company_id, state);
create table stock_move_line (
    id serial primary key, picking_id integer references stock_picking, move_id integer references stock_move,
    company_id integer not null references res_company, product_id integer references product_product,
    product_uom_id integer not null references uom_uom, package_id integer, lot_id integer references stock_lot,
    owner_id integer references res_partner, location_id integer not null references stock_location,
    location_dest_id integer not null references stock_location, state varchar, reference varchar, quantity numeric,
    quantity_product_uom numeric, picked boolean, date timestamp not null, carrier_id integer
);
create index on stock_move_line (move_id);
create index on stock_move_line (picking_id);
create index on stock_move_line (product_id);
