-- Creates the tables of Odoo 18's base and contacts modules, with its column names, types and constraint names.
--
-- grain:  one table per Odoo model, columns that nobody reads here left out
-- params: none
-- reads:  nothing
-- writes: res_*, ir_*, uom_uom, crm_team, account_tax*
create table res_currency (
    id serial primary key, name varchar not null, symbol varchar not null, iso_numeric integer, decimal_places integer,
    full_name varchar, position varchar, rounding numeric, active boolean,
    constraint res_currency_unique_name unique (name),
    constraint res_currency_rounding_gt_zero check (rounding > 0)
);
create table res_country (
    id serial primary key, currency_id integer references res_currency, phone_code integer, code varchar(2) not null,
    name_position varchar, name jsonb not null, vat_label jsonb, address_format text, state_required boolean,
    zip_required boolean,
    constraint res_country_code_uniq unique (code),
    constraint res_country_name_uniq unique (name)
);
create table res_country_state (
    id serial primary key, country_id integer not null references res_country, name varchar not null,
    code varchar not null,
    constraint res_country_state_name_code_uniq unique (country_id, code)
);
create table res_lang (
    id serial primary key, name varchar not null, code varchar not null, iso_code varchar, url_code varchar not null,
    direction varchar not null, active boolean,
    constraint res_lang_code_uniq unique (code)
);
create table res_partner (
    id serial primary key, company_id integer, name varchar, parent_id integer references res_partner,
    user_id integer, state_id integer references res_country_state, country_id integer references res_country,
    color integer, commercial_partner_id integer references res_partner, complete_name varchar, ref varchar,
    lang varchar, tz varchar, vat varchar, website varchar, type varchar, street varchar, street2 varchar, zip varchar,
    city varchar, email varchar, phone varchar, mobile varchar, company_name varchar, barcode jsonb, comment text,
    active boolean, employee boolean, is_company boolean, partner_share boolean, supplier_rank integer,
    customer_rank integer, specific_property_product_pricelist jsonb, autopost_bills varchar not null,
    constraint res_partner_check_name check ((type = 'contact' and name is not null) or type <> 'contact')
);
create index on res_partner (commercial_partner_id);
create index on res_partner (complete_name);
create index on res_partner (name);
create index on res_partner (parent_id);
create index on res_partner (ref);
create table res_company (
    id serial primary key, name varchar not null, partner_id integer not null references res_partner,
    currency_id integer not null references res_currency, sequence integer, parent_path varchar,
    parent_id integer references res_company, active boolean, account_sale_tax_id integer,
    tax_calculation_rounding_method varchar, account_price_include varchar not null default 'tax_excluded',
    quotation_validity_days integer, fiscalyear_lock_date date, tax_lock_date date, sale_lock_date date,
    purchase_lock_date date, hard_lock_date date,
    constraint res_company_name_uniq unique (name),
    constraint res_company_check_quotation_validity_days check (quotation_validity_days >= 0)
);
alter table res_partner add foreign key (company_id) references res_company;
create table res_users (
    id serial primary key, company_id integer not null references res_company,
    partner_id integer not null references res_partner, active boolean, login varchar not null, share boolean,
    constraint res_users_login_key unique (login)
);
alter table res_partner add foreign key (user_id) references res_users;
create table res_users_apikeys (
    id serial primary key, name varchar not null, user_id integer not null references res_users on delete cascade,
    scope varchar, expiration_date timestamp
);
create table res_company_users_rel (
    cid integer not null references res_company on delete cascade,
    user_id integer not null references res_users on delete cascade, primary key (cid, user_id)
);
create table res_currency_rate (
    id serial primary key, currency_id integer not null references res_currency, company_id integer references res_company,
    name date not null, rate numeric,
    constraint res_currency_rate_currency_rate_check check (rate > 0),
    constraint res_currency_rate_unique_name_per_day unique (name, currency_id, company_id)
);
create table ir_model (
    id serial primary key, model varchar not null, name jsonb not null, "order" varchar not null, state varchar not null,
    constraint ir_model_obj_name_uniq unique (model)
);
create table ir_model_fields (
    id serial primary key, model_id integer not null references ir_model on delete cascade, name varchar not null,
    complete_name varchar, model varchar not null, relation varchar, relation_field varchar, ttype varchar not null,
    related varchar, state varchar not null, relation_table varchar, column1 varchar, column2 varchar, size integer,
    field_description jsonb not null, copied boolean, required boolean, readonly boolean, index boolean,
    translate boolean, company_dependent boolean, store boolean,
    constraint ir_model_fields_name_unique unique (model, name),
    constraint ir_model_fields_name_manual_field check (state <> 'manual' or name like 'x\_%'),
    constraint ir_model_fields_size_gt_zero check (size >= 0)
);
create index on ir_model_fields (model_id);
create table ir_model_fields_selection (
    id serial primary key, field_id integer not null references ir_model_fields on delete cascade,
    value varchar not null, name jsonb not null, sequence integer,
    constraint ir_model_fields_selection_selection_field_uniq unique (field_id, value)
);
create table ir_model_data (
    id serial primary key, res_id integer, noupdate boolean, name varchar not null, module varchar not null,
    model varchar not null,
    constraint ir_model_data_name_nospaces check (name not like '% %')
);
create unique index ir_model_data_module_name_uniq_index on ir_model_data (module, name);
create index ir_model_data_model_res_id_index on ir_model_data (model, res_id);
create table ir_module_module (
    id serial primary key, name varchar not null, state varchar, latest_version varchar,
    constraint ir_module_module_name_uniq unique (name)
);
create table uom_uom (
    id serial primary key, uom_type varchar not null, name jsonb not null, factor numeric not null,
    rounding numeric not null, active boolean,
    constraint uom_uom_factor_gt_zero check (factor <> 0),
    constraint uom_uom_factor_reference_is_one check (uom_type <> 'reference' or factor = 1.0),
    constraint uom_uom_rounding_gt_zero check (rounding > 0)
);
create table crm_team (
    id serial primary key, sequence integer, company_id integer references res_company, user_id integer references res_users,
    name jsonb not null, active boolean
);
create table account_tax_group (
    id serial primary key, sequence integer, company_id integer not null references res_company,
    country_id integer references res_country, name jsonb not null
);
-- A tax that says nothing else is one on sales, in percent, of the only company.
create table account_tax (
    id serial primary key, company_id integer not null default 1 references res_company, sequence integer not null default 1,
    tax_group_id integer not null default 1 references account_tax_group, country_id integer not null references res_country,
    type_tax_use varchar not null default 'sale', tax_scope varchar, amount_type varchar not null default 'percent',
    price_include_override varchar,
    name jsonb not null, amount numeric not null, active boolean
);
alter table res_company add foreign key (account_sale_tax_id) references account_tax;
create table account_payment_term (
    id serial primary key, company_id integer references res_company, sequence integer not null default 10,
    name jsonb not null, active boolean
);
create table account_fiscal_position (
    id serial primary key, sequence integer, company_id integer not null default 1 references res_company, name jsonb not null,
    active boolean
);
create table account_fiscal_position_tax (
    id serial primary key, position_id integer not null references account_fiscal_position on delete cascade,
    company_id integer references res_company, tax_src_id integer not null references account_tax,
    tax_dest_id integer references account_tax
);
create table crm_tag (
    id serial primary key, name jsonb not null, color integer,
    constraint crm_tag_name_uniq unique (name)
);
