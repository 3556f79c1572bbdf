-- Creates the tables of Odoo 18's account module that hold customers' invoices and credit notes.
--
-- grain:  one table per Odoo model, columns that nobody reads here left out
-- params: none
-- reads:  nothing
-- writes: account_move, account_move_line, sale_order_line_invoice_rel
create table account_move (
    id serial primary key, sequence_number integer, journal_id integer not null default 1,
    company_id integer references res_company, partner_id integer references res_partner,
    currency_id integer not null references res_currency, reversed_entry_id integer references account_move, name varchar,
    ref varchar, state varchar not null, move_type varchar not null, payment_state varchar, invoice_origin varchar,
    date date not null, invoice_date date, amount_untaxed numeric, amount_tax numeric, amount_total numeric,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
);
create index on account_move (move_type);
create table account_move_line (
    id serial primary key, move_id integer not null references account_move on delete cascade, sequence integer,
    company_id integer references res_company, currency_id integer not null references res_currency,
    product_id integer references product_product, name varchar, display_type varchar not null, quantity numeric,
    price_unit numeric, discount numeric, price_subtotal numeric, price_total numeric,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
);
create index on account_move_line (move_id);
create table sale_order_line_invoice_rel (
    invoice_line_id integer not null references account_move_line on delete cascade,
    order_line_id integer not null references sale_order_line on delete cascade,
    primary key (invoice_line_id, order_line_id)
);
create index on sale_order_line_invoice_rel (order_line_id, invoice_line_id);
