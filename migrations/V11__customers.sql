-- Customers in Odoo's terms: where they live, in which language they are written to, whose they are, and to which of their
-- addresses an order is delivered.

-- The language of new partners, as Odoo names it (`de_DE`); null: Odoo's own default.
alter table shop.policy add column language text
    constraint policy_language_is_a_code check (language ~ '^[a-z]{2,3}(_[A-Za-z0-9]{2,4})?(@[a-z]+)?$');
-- Whether one partner per buyer stands for the buyer in all shops, or each company has its own.
alter table shop.policy add column partners text not null default 'shared'
    constraint policy_partners_is_known check (partners in ('shared', 'own'));

create unlogged table snapshot.odoo_lang (
    run_id bigint not null, id integer not null, code text, active boolean
);
alter table snapshot.odoo_partner add column company_id integer;

-- The company that a partner belongs to; null: all of them.
alter table staging.etsy_customer add column company_id integer;

-- Other words than Odoo's own for countries and states, staged by each run from the list in sql/stage.
create unlogged table staging.place_alias (
    run_id         bigint      not null,
    -- as Etsy has it
    country        text        not null,
    -- of the state, as staging.plain_words gives it; empty: whatever the state
    word           text        not null,
    to_country     text        not null,
    -- a state's code; empty: none, and nothing is lost; null: the state is looked up in the other country
    to_state       text
);

-- Which country and state of Odoo's a place is in, for the places of the customers that Odoo does not have.
create unlogged table staging.odoo_place (
    run_id         bigint      not null,
    -- as Etsy has them; empty for none
    country        text        not null,
    state          text        not null,
    country_id     integer,
    state_id       integer,
    -- what Odoo has no place for, as Etsy has it
    unknown_country text,
    unknown_state  text
);

-- The keys of the addresses, or of the buyer in their place, that the receipt asked for before: an order that still goes
-- there has not been followed up, one that goes anywhere else was given its address by a person.
alter table staging.etsy_order add column earlier_keys text[] not null default '{}';

-- The partner that an order is delivered to, and its key if it is one of ours: the one that the receipt asks for if the
-- partner answers to it, since merged partners answer to several.
alter table staging.odoo_order add column shipping_id integer;
alter table staging.odoo_order add column shipping_key text;
alter table staging.odoo_order add column shipping_was_asked boolean;

-- A name as it is compared: no accents, no case, no punctuation. What has no case is left as it is.
create function staging.plain_words(words text) returns text
language sql immutable strict parallel safe
return trim(regexp_replace(
    lower(replace(
        translate(
            regexp_replace(normalize(words, nfkd), '[' || U&'\0300' || '-' || U&'\036F' || ']', '', 'g'),
            'ŁłØøıĐđÐðÞþ''’‘ʻ`´.',
            'LlOoiDdDdTt'
        ),
        'ß', 'ss'
    )),
    '[][\s!-/:-@\\^_{|}~–—·・、]+', ' ', 'g'
));

-- The same without the words that say what kind of a place it is: `State of`, `County`, `-to`.
create function staging.bare_words(words text) returns text
language sql immutable strict parallel safe
return regexp_replace(
    regexp_replace(
        staging.plain_words(words),
        '^(the )?'
            || '(metropolitan city|citta metropolitana|free and hanseatic city|city|autonomous community'
            || '|comunidad autonoma|comunidad|state|province|provincia|provincie|prefecture|region|county|co'
            || '|department|departamento|estado|canton|kanton|republic|commonwealth|emirate|governorate|oblast)'
            || ' (of the |of |de la |del |de |di |do |da |van )?(.+)$',
        '\4'
    ),
    '^(.+) (state|province|prefecture|region|county|department|governorate|oblast|krai|republic|metropolis|emirate'
        || '|lan|to|fu|ken)$',
    '\1'
);

alter table journal.decision drop constraint decision_action_is_known;
alter table journal.decision add constraint decision_action_is_known check (action in
    ('create_product', 'update_product', 'create_customer', 'book_order', 'change_address', 'cancel_order'));
