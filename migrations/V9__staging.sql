-- Staging knows the payment account, payments and reference facts, and what is new in Etsy's answers.

-- Of what is kept of a row, in the form in which it is written: the same whichever stream it came in, and whatever else
-- Etsy changed about it.
comment on column staging.etsy_receipt.content_hash is 'of the kept columns and lines, the cancellation apart';
comment on column staging.etsy_listing.content_hash is 'of the kept columns; the inventory has its own';

-- Which inventory of a listing the offerings are of. It comes within the listing or apart from it.
create table staging.etsy_inventory (
    shop_id        bigint      not null,
    listing_id     bigint      not null,
    -- of all prices; null when nothing is offered
    currency       text,
    -- of the offerings
    content_hash   bigint      not null,
    page_id        bigint      not null,
    changed_in_run bigint      not null,
    constraint one_inventory_per_listing primary key (shop_id, listing_id)
);

-- The payment account. Amounts are as Etsy sends them, in a unit that comes with no divisor.
create table staging.etsy_ledger_entry (
    shop_id         bigint      not null,
    entry_id        bigint      not null,
    sequence_number bigint      not null,
    amount          bigint      not null,
    balance         bigint      not null,
    currency        text        not null,
    ledger_type     text        not null,
    reference_type  text,
    reference_id    text,
    parent_entry_id bigint,
    description     text,
    created_at      timestamptz not null,
    content_hash    bigint      not null,
    page_id         bigint      not null,
    changed_in_run  bigint      not null,
    constraint one_row_per_ledger_entry primary key (shop_id, entry_id)
);
create index etsy_ledger_entry_in_order on staging.etsy_ledger_entry (shop_id, sequence_number);

-- What buyers paid. Amounts are in the currency's major unit, exact; each three in a currency of their own.
create table staging.etsy_payment (
    shop_id           bigint      not null,
    payment_id        bigint      not null,
    receipt_id        bigint      not null,
    status            text        not null,
    currency          text        not null,
    gross             numeric     not null,
    fees              numeric     not null,
    net               numeric     not null,
    -- once the purchase has shipped
    posted_currency   text,
    posted_gross      numeric,
    posted_fees       numeric,
    posted_net        numeric,
    -- once something was given back
    adjusted_currency text,
    adjusted_gross    numeric,
    adjusted_fees     numeric,
    adjusted_net      numeric,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    content_hash      bigint      not null,
    page_id           bigint      not null,
    changed_in_run    bigint      not null,
    constraint one_row_per_payment primary key (shop_id, payment_id)
);
create index etsy_payment_by_receipt on staging.etsy_payment (shop_id, receipt_id);

-- What was given back of a payment, from the payment itself or from the ledger entry of the refund. Amounts come without
-- divisor.
create table staging.etsy_payment_adjustment (
    shop_id               bigint      not null,
    payment_adjustment_id bigint      not null,
    payment_id            bigint      not null,
    status                text        not null,
    is_success            boolean     not null,
    amount                bigint,
    shop_amount           bigint,
    buyer_amount          bigint,
    fee_amount            bigint,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    content_hash          bigint      not null,
    page_id               bigint      not null,
    changed_in_run        bigint      not null,
    constraint one_row_per_payment_adjustment primary key (shop_id, payment_adjustment_id)
);
create index etsy_payment_adjustment_by_payment on staging.etsy_payment_adjustment (shop_id, payment_id);

-- The shop itself and what its listings refer to, by name.
create table staging.etsy_reference (
    shop_id        bigint      not null,
    kind           text        not null
        constraint reference_kind_is_known check (kind in
            ('shop', 'shipping_profile', 'production_partner', 'readiness_state', 'return_policy')),
    reference_id   bigint      not null,
    name           text        not null,
    content_hash   bigint      not null,
    page_id        bigint      not null,
    changed_in_run bigint      not null,
    constraint one_row_per_reference primary key (shop_id, kind, reference_id)
);

-- What Etsy sends that its reference does not have: fields, and words where the words are known. Names only, no values.
create table staging.drift (
    shop_id        bigint      not null,
    entity         text        not null,
    kind           text        not null
        constraint drift_kind_is_known check (kind in ('field', 'word')),
    field          text        not null,
    -- empty for a field
    word           text        not null,
    first_seen_run bigint      not null,
    last_seen_run  bigint      not null,
    rows           bigint      not null,
    constraint drift_is_told_once primary key (shop_id, entity, kind, field, word)
);

alter table staging.reject drop constraint reject_entity_is_known;
alter table staging.reject add constraint reject_entity_is_known check (entity in
    ('receipt', 'listing', 'inventory', 'ledger_entry', 'payment', 'shop', 'shipping_profile', 'production_partner',
     'readiness_state', 'return_policy'));
