-- Creates the tables of Odoo 18's sale and delivery modules, the sequences, and who wrote each row and when.
--
-- grain:  one table per Odoo model, columns that nobody reads here left out
-- params: none
-- reads:  information_schema.tables
-- writes: sale_order*, sale_order_tag_rel, account_tax_sale_order_line_rel, delivery_carrier, ir_sequence_*
create table delivery_carrier (
    id serial primary key, sequence integer, company_id integer references res_company,
    product_id integer not null references product_product, delivery_type varchar not null, integration_level varchar,
    invoice_policy varchar not null, name jsonb not null, active boolean, fixed_price float8
);
create table sale_order (
    id serial primary key, company_id integer not null references res_company,
    partner_id integer not null references res_partner, partner_invoice_id integer not null references res_partner,
    partner_shipping_id integer not null references res_partner, pricelist_id integer references product_pricelist,
    currency_id integer references res_currency, user_id integer references res_users, team_id integer references crm_team,
    access_token varchar, name varchar not null, state varchar, client_order_ref varchar, origin varchar,
    reference varchar, signed_by varchar, invoice_status varchar, validity_date date, note text, currency_rate numeric,
    amount_untaxed numeric, amount_tax numeric, amount_total numeric, locked boolean, require_signature boolean,
    require_payment boolean, commitment_date timestamp, date_order timestamp not null, signed_on timestamp,
    prepayment_percent float8, carrier_id integer references delivery_carrier,
    payment_term_id integer references account_payment_term,
    fiscal_position_id integer references account_fiscal_position,
    warehouse_id integer references stock_warehouse, procurement_group_id integer references procurement_group,
    picking_policy varchar not null, delivery_status varchar, effective_date timestamp,
    constraint sale_order_date_order_conditional_required
        check ((state = 'sale' and date_order is not null) or state <> 'sale')
);
create index on sale_order (company_id);
create index on sale_order (partner_id);
create index on sale_order (state);
create index on sale_order (user_id);
create index sale_order_date_order_id_idx on sale_order (date_order desc, id desc);
alter table procurement_group add foreign key (sale_id) references sale_order;
alter table stock_picking add foreign key (sale_id) references sale_order;
alter table stock_picking add foreign key (carrier_id) references delivery_carrier;
create table sale_order_line (
    id serial primary key, order_id integer not null references sale_order on delete cascade, sequence integer,
    company_id integer references res_company, currency_id integer references res_currency,
    order_partner_id integer references res_partner, salesman_id integer references res_users,
    product_id integer references product_product, product_uom integer references uom_uom, state varchar,
    display_type varchar, qty_delivered_method varchar, invoice_status varchar, name text not null,
    product_uom_qty numeric not null, price_unit numeric not null, discount numeric, price_subtotal numeric,
    price_total numeric, price_reduce_taxexcl numeric, price_reduce_taxinc numeric, qty_delivered numeric,
    qty_invoiced numeric, qty_to_invoice numeric, untaxed_amount_invoiced numeric, untaxed_amount_to_invoice numeric,
    is_downpayment boolean, is_expense boolean, technical_price_unit float8, price_tax float8,
    customer_lead float8 not null, is_delivery boolean, warehouse_id integer references stock_warehouse,
    constraint sale_order_line_accountable_required_fields
        check (display_type is not null or is_downpayment or (product_id is not null and product_uom is not null)),
    constraint sale_order_line_non_accountable_null_fields
        check (display_type is null or (product_id is null and price_unit = 0 and product_uom_qty = 0
            and product_uom is null and customer_lead = 0))
);
create index on sale_order_line (company_id);
create index on sale_order_line (order_id);
create index on sale_order_line (order_partner_id);
create index on sale_order_line (product_id) where product_id is not null;
alter table stock_move add foreign key (sale_line_id) references sale_order_line;
create table account_tax_sale_order_line_rel (
    sale_order_line_id integer not null references sale_order_line on delete cascade,
    account_tax_id integer not null references account_tax,
    primary key (sale_order_line_id, account_tax_id)
);
create index on account_tax_sale_order_line_rel (account_tax_id, sale_order_line_id);
create table sale_order_tag_rel (
    order_id integer not null references sale_order on delete cascade,
    tag_id integer not null references crm_tag on delete cascade,
    primary key (order_id, tag_id)
);
create index on sale_order_tag_rel (tag_id, order_id);
create sequence ir_sequence_sale_order;
create sequence ir_sequence_stock_picking_out;

-- Odoo gives these four columns to every model, and none to the tables of a many2many.
do $$
declare
    target text;
begin
    for target in
        select table_name from information_schema.tables
        where table_schema = 'public' and table_name not like '%\_rel' and table_name <> 'product_variant_combination'
    loop
        execute format('alter table %I add create_uid integer, add create_date timestamp, '
            || 'add write_uid integer, add write_date timestamp', target);
    end loop;
end $$;
create index on sale_order (create_date);
