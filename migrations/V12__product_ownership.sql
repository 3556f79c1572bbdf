-- Products: which side owns a field once the product is there, and what both sides say of it.

alter table shop.policy add column product_name text not null default 'odoo'
    constraint policy_product_name_is_known check (product_name in ('odoo', 'etsy'));
alter table shop.policy add column product_description text not null default 'odoo'
    constraint policy_product_description_is_known check (product_description in ('odoo', 'etsy'));
alter table shop.policy add column product_sku text not null default 'odoo'
    constraint policy_product_sku_is_known check (product_sku in ('odoo', 'etsy'));
alter table shop.policy add column product_price text not null default 'odoo'
    constraint policy_product_price_is_known check (product_price in ('odoo', 'etsy'));

alter table journal.decision drop constraint decision_action_is_known;
alter table journal.decision add constraint decision_action_is_known check (action in
    ('create_product', 'update_product', 'create_customer', 'book_order', 'change_address', 'cancel_order'));

-- Empty where Etsy has none. Odoo keeps descriptions as HTML and tidies it up, so the two are compared by their words:
-- without markup, and with one space between words.
alter table staging.etsy_listing add column description text not null default '';
alter table staging.etsy_listing add column description_hash text generated always as
    (md5(btrim(regexp_replace(translate(description, U&'\00A0', ' '), '[ \t\n\r\f\v]+', ' ', 'g')))) stored;

-- whether a listing offers it; otherwise only a sale remembers it
alter table staging.etsy_product add column is_listed boolean not null default false;

alter table snapshot.odoo_product_template add column description_hash text;

alter table staging.odoo_product drop constraint product_match_is_known;
alter table staging.odoo_product add constraint product_match_is_known
    check (matched_by in ('external_id', 'listing', 'sku', 'barcode', 'place'));
alter table staging.odoo_product
    add column template_id integer,
    add column sku text,
    add column price numeric,
    -- of the price
    add column currency text,
    -- how many variants share the template, and with it name, description and price
    add column variants integer,
    add column description_hash text,
    -- the listing and the variant that it was made for, if Etsy was the reason
    add column listing_id text,
    add column variant_key text;

-- What the listing that speaks for an Odoo product says of it. A product that several listings share has one speaker.
create unlogged table staging.product_speaker (
    run_id           bigint  not null,
    product_id       integer not null,
    shop_id          bigint  not null,
    product_key      text    not null,
    listing_id       bigint  not null,
    name             text    not null,
    -- null where Etsy has none
    sku              text,
    description_hash text,
    currency         text    not null,
    price            numeric not null
);
