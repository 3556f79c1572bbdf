-- Creates the tables of Odoo 18's account module: accounts, journals, entries and customers' invoices.
--
-- grain:  one table per Odoo model, columns that nobody reads here left out
-- params: none
-- reads:  nothing
-- writes: account_account, account_account_res_company_rel, account_journal, account_move, account_move_line, sale_order_line_invoice_rel
create table account_account (
    id serial primary key, currency_id integer references res_currency, account_type varchar not null, name jsonb not null,
    code_store jsonb, note text, deprecated boolean, reconcile boolean, non_trade boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
);
create index on account_account (account_type);
create table account_account_res_company_rel (
    account_account_id integer not null references account_account on delete cascade,
    res_company_id integer not null references res_company on delete cascade,
    primary key (account_account_id, res_company_id)
);
create index on account_account_res_company_rel (res_company_id, account_account_id);
create table account_journal (
    id serial primary key, default_account_id integer references account_account, sequence integer,
    currency_id integer references res_currency, company_id integer not null references res_company, code varchar not null,
    type varchar not null, name jsonb not null, active boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp,
    constraint account_journal_code_company_uniq unique (company_id, code)
);
-- What is inserted by hand and says nothing else is an invoice of the first journal.
create table account_move (
    id serial primary key, sequence_number integer, sequence_prefix varchar,
    journal_id integer not null default 1 references account_journal,
    company_id integer references res_company, partner_id integer references res_partner,
    currency_id integer not null references res_currency, reversed_entry_id integer references account_move, name varchar,
    ref varchar, state varchar not null, move_type varchar not null, auto_post varchar not null default 'no',
    payment_state varchar, invoice_origin varchar, date date not null, invoice_date date, amount_untaxed numeric,
    amount_tax numeric, amount_total numeric, amount_untaxed_signed numeric, amount_tax_signed numeric,
    amount_total_signed numeric, amount_total_in_currency_signed numeric, posted_before boolean, checked boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
);
create index on account_move (move_type);
create index on account_move (date);
create index on account_move (journal_id, sequence_prefix desc, sequence_number desc, name);
-- Odoo's own index holds invoices too; here they are inserted by hand, under any name.
create unique index account_move_unique_name on account_move (name, journal_id)
    where state = 'posted' and name <> '/' and move_type = 'entry';
-- So is the income from sales the account of a line that is inserted by hand; account 27 is 400000 of the chart.
create table account_move_line (
    id serial primary key, move_id integer not null references account_move on delete cascade,
    journal_id integer references account_journal, company_id integer references res_company,
    company_currency_id integer references res_currency, sequence integer,
    account_id integer default 27 references account_account, currency_id integer not null references res_currency,
    partner_id integer references res_partner, product_id integer references product_product, move_name varchar,
    parent_state varchar, ref varchar, name varchar, display_type varchar not null, date date, debit numeric, credit numeric,
    balance numeric, amount_currency numeric, quantity numeric, price_unit numeric, price_subtotal numeric,
    price_total numeric, discount numeric,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp,
    constraint account_move_line_check_credit_debit
        check (display_type in ('line_section', 'line_note') or credit * debit = 0),
    constraint account_move_line_check_amount_currency_balance_sign
        check (display_type in ('line_section', 'line_note') or (balance <= 0 and amount_currency <= 0)
            or (balance >= 0 and amount_currency >= 0)),
    constraint account_move_line_check_accountable_required_fields
        check (display_type in ('line_section', 'line_note') or account_id is not null),
    constraint account_move_line_check_non_accountable_fields_null
        check (display_type not in ('line_section', 'line_note')
            or (amount_currency = 0 and debit = 0 and credit = 0 and account_id is null))
);
create index on account_move_line (move_id);
create index on account_move_line (account_id, date);
create table sale_order_line_invoice_rel (
    invoice_line_id integer not null references account_move_line on delete cascade,
    order_line_id integer not null references sale_order_line on delete cascade,
    primary key (invoice_line_id, order_line_id)
);
create index on sale_order_line_invoice_rel (order_line_id, invoice_line_id);
