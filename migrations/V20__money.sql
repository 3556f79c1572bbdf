-- Money: what each movement of Etsy's payment account is, and what it belongs to.

-- Which class the types of Etsy's ledger are of. Etsy publishes no list (https://github.com/etsy/open-api/issues/442).
create table staging.ledger_class (
    run_id          bigint      not null,
    -- in small letters
    ledger_type     text        not null,
    class           text        not null
);

-- Every entry of the payment account, in exactly one class. Amounts are in the currency's major unit, exact.
create table staging.money_entry (
    shop_id         bigint      not null,
    entry_id        bigint      not null,
    sequence_number bigint      not null,
    entered_at      timestamptz not null,
    currency        text        not null,
    -- null: the unit of the amount is not known
    amount          numeric,
    balance         numeric,
    class           text        not null
        constraint money_class_is_known check (class in
            ('sale', 'refund', 'etsy_tax', 'fee_transaction', 'fee_processing', 'fee_listing', 'fee_regulatory', 'fee_other',
             'vat_on_fees', 'ads', 'labels', 'credit', 'deposit', 'recoupment', 'payout', 'adjustment', 'suspense')),
    ledger_type     text        not null,
    receipt_id      bigint,
    transaction_id  bigint,
    listing_id      bigint,
    payment_id      bigint,
    -- for value added tax: the class of the fee that it is on
    parent_class    text,
    -- why it is not tied to what it belongs to; null: it is
    trouble         text
        constraint money_trouble_is_known check (trouble in
            ('unknown_type', 'unknown_unit', 'unread_payment', 'unknown_receipt', 'unknown_transaction', 'unknown_adjustment')),
    constraint one_class_per_entry primary key (shop_id, entry_id)
);
create index money_entry_by_receipt on staging.money_entry (shop_id, receipt_id);
create index money_entry_in_order on staging.money_entry (shop_id, currency, sequence_number);

-- What the seller was paid out, or paid in, and which entries it settles: those after the settlement before it.
create table staging.settlement (
    shop_id         bigint      not null,
    -- the ledger entry of the payout or recoupment
    settlement_id   bigint      not null,
    currency        text        not null,
    class           text        not null,
    settled_at      timestamptz not null,
    from_sequence   bigint      not null,
    until_sequence  bigint      not null,
    opening_balance numeric     not null,
    -- to the bank above zero, from the bank below
    paid            numeric     not null,
    closing_balance numeric     not null,
    constraint one_row_per_settlement primary key (shop_id, settlement_id)
);

-- What Odoo has invoiced and credited for an order: the lines of its moves that are linked to lines of the order.
create unlogged table snapshot.odoo_invoice (
    run_id          bigint      not null,
    order_id        integer     not null,
    move_id         integer     not null,
    name            text,
    -- Odoo's out_invoice and out_refund
    move_type       text,
    -- Odoo's draft, posted and cancel
    state           text,
    currency_id     integer,
    invoiced_on     date,
    -- tax included; of a credit note below zero
    amount          numeric
);

-- Every receipt, from the buyer's payment to the payout: one figure for each place that knows it.
create unlogged table staging.receipt_money (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    receipt_id      bigint      not null,
    received_at     timestamptz not null,
    -- when the run began that saw it change last
    changed_at      timestamptz not null,
    currency        text        not null,
    standing        text        not null,
    is_paid         boolean     not null,
    country_iso     text,
    line_count      integer     not null,
    -- on the receipt: what the buyer pays, what of it is tax that Etsy collects, what went back
    receipt_total   numeric     not null,
    receipt_tax     numeric     not null,
    receipt_refunded numeric    not null,
    -- what the order should come to, and what the orders in Odoo come to
    order_expected  numeric     not null,
    order_id        integer,
    order_name      text,
    order_state     text,
    order_copies    integer     not null,
    order_currency  text,
    order_total     numeric,
    order_tax_added numeric,
    is_ours         boolean     not null,
    -- what the order came to when we booked it
    booked_total    numeric,
    -- posted in Odoo
    invoiced        numeric     not null,
    credited        numeric     not null,
    -- in the payment account
    ledger_sale     numeric,
    ledger_refund   numeric     not null,
    ledger_tax      numeric     not null,
    ledger_tax_back numeric     not null,
    ledger_fees     numeric     not null,
    ledger_other    numeric     not null,
    -- of all its entries: paid out, and not yet
    settled         numeric     not null,
    unsettled       numeric     not null
);

-- Differences in money, as a run found them: each says what kind it is, and so what is likely behind it.
create table diff.break (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    kind            text        not null
        constraint break_kind_is_known check (kind in
            ('missing_in_odoo', 'missing_in_etsy', 'cancelled_on_one_side', 'duplicate_order', 'currency', 'tax', 'rounding',
             'edited_by_hand', 'total_differs', 'invoice_differs', 'refund_not_credited', 'refund_differs', 'tax_differs',
             'payment_missing', 'payment_differs', 'unknown_ledger_type', 'unknown_unit', 'unknown_reference', 'broken_chain',
             'charged_twice')),
    -- of the receipt or the ledger entry
    key             text        not null,
    -- from when it is
    dated_at        timestamptz not null,
    currency        text        not null,
    -- what the one side says and the other; null: it says nothing
    etsy_amount     numeric,
    odoo_amount     numeric,
    -- how much is off
    amount          numeric     not null,
    receipt_id      bigint,
    order_id        integer,
    order_name      text,
    -- for the reader, where the kind does not say it all
    detail          text        not null default '',
    -- what it may have in common with others
    country_iso     text,
    tax_rate        numeric,
    product_key     text,
    constraint one_break_of_a_kind primary key (run_id, shop_id, kind, key)
);

-- What became of breaks: opened when first found, closed when not found any more, reopened when found again, and what people
-- said of them. Append-only; where a break stands is its last event.
create table journal.break_event (
    event_id        bigint      generated by default as identity constraint break_event_has_a_number primary key,
    shop_id         bigint      not null,
    kind            text        not null,
    key             text        not null,
    event           text        not null
        constraint break_event_is_known check (event in ('opened', 'closed', 'reopened', 'changed', 'noted', 'assigned')),
    -- the run that found it, or did not find it any more
    run_id          bigint,
    happened_at     timestamptz not null,
    -- a note, or an owner
    words           text        not null default '',
    currency        text,
    amount          numeric
);
create index break_event_by_break on journal.break_event (shop_id, kind, key, event_id);

-- Each break that was ever found, under the number of its first event.
create view journal.break_state as
select
    event.shop_id,
    event.kind,
    event.key,
    min(event.event_id) as break_id,
    min(event.happened_at) as first_opened_at,
    max(event.happened_at) filter (where event.event in ('opened', 'reopened')) as opened_at,
    (array_agg(event.event order by event.event_id desc)
        filter (where event.event in ('opened', 'closed', 'reopened')))[1] <> 'closed' as is_open,
    count(*) filter (where event.event = 'reopened') as reopened,
    (array_agg(event.words order by event.event_id desc) filter (where event.event = 'noted'))[1] as note,
    (array_agg(event.words order by event.event_id desc) filter (where event.event = 'assigned'))[1] as owner
from journal.break_event as event
group by event.shop_id, event.kind, event.key;
