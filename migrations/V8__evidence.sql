-- More streams, and the memory that lets a quiet run get by with a handful of calls.

alter table snapshot.etsy_page drop constraint page_stream_is_known;
alter table snapshot.etsy_page add constraint page_stream_is_known check (stream in
    ('receipts', 'receipts_created', 'cancelled_receipts', 'receipts_named',
     'listings_active', 'listings_inactive', 'listings_sold_out', 'listings_draft', 'listings_expired', 'inventory',
     'ledger', 'payments',
     'shop', 'shipping_profiles', 'production_partners', 'readiness_states', 'return_policies'));
-- of the body as received: a page that says again what its forerunner said is not stored again
alter table snapshot.etsy_page add column body_hash bigint;
create index etsy_page_by_place on snapshot.etsy_page (shop_id, stream, row_offset, page_id);

-- how often rows moved while the window was read, and how many links of the ledger's chain do not hold
alter table snapshot.etsy_window add column moved integer not null default 0;
alter table snapshot.etsy_window add column broken_links integer not null default 0;

-- The first import of a shop's receipts: what it covers, and whether it has ended. Up to where it has come is the watermark of
-- `receipts_created`.
create table snapshot.import (
    shop_id      bigint      constraint one_import_per_shop primary key,
    import_from  timestamptz not null,
    import_until timestamptz not null,
    ended_at     timestamptz
);

-- A shop that was read before imports were written down has been imported as far as its watermark says.
insert into snapshot.import (shop_id, import_from, import_until, ended_at)
select watermark.shop_id, '2000-01-01 00:00:00+00', watermark.proven_until, now()
from snapshot.watermark
where watermark.stream = 'receipts';

-- What is read a little at a time, one of them in each run: when it had its turn, and where it goes on.
create table snapshot.turn (
    shop_id      bigint      not null,
    turn         text        not null
        constraint turn_is_known check (turn in
            ('reread', 'payments', 'listings_active', 'listings_inactive', 'listings_sold_out', 'listings_draft',
             'listings_expired', 'shop', 'shipping_profiles', 'production_partners', 'readiness_states',
             'return_policies')),
    taken_at     timestamptz not null,
    -- receipts: the moment from which the next page goes on; nothing: from the start
    next_from    timestamptz,
    -- listings: the row from which the next page goes on
    next_offset  integer     not null default 0,
    constraint one_turn_of_a_kind primary key (shop_id, turn)
);

-- The cancelled receipts that are known: as long as Etsy counts no more of them, there is no new one.
create table snapshot.cancelled_receipt (
    shop_id      bigint      not null,
    receipt_id   bigint      not null,
    constraint cancelled_once primary key (shop_id, receipt_id)
);

-- What of the ledger is not read yet, up to its watermark.
create table snapshot.ledger_gap (
    shop_id      bigint      not null,
    gap_from     timestamptz not null,
    gap_until    timestamptz not null,
    constraint one_gap_at_a_time primary key (shop_id, gap_from),
    constraint gap_runs_forward check (gap_from < gap_until)
);

-- From when on a shop's ledger is read, gaps aside.
create table snapshot.ledger_start (
    shop_id      bigint      constraint one_start_per_ledger primary key,
    begins_at    timestamptz not null
);

-- Payments that the ledger names and that are not read yet, or have been adjusted since.
create table snapshot.payment_wanted (
    shop_id      bigint      not null,
    payment_id   bigint      not null,
    constraint wanted_once primary key (shop_id, payment_id)
);

-- Receipts that a refund names, until they are read again.
create table snapshot.receipt_wanted (
    shop_id      bigint      not null,
    receipt_id   bigint      not null,
    constraint receipt_wanted_once primary key (shop_id, receipt_id)
);

-- How far back receipts are read again, and from when on the ledger is.
alter table shop.policy add column reread_days integer not null default 60
    constraint policy_reread_days_is_sensible check (reread_days between 1 and 3650);
alter table shop.policy add column ledger_from timestamptz;
