-- What was found. Rows that agree are counted, not stored.
create schema diff;

create table diff.finding (
    run_id         bigint      not null,
    subject        text        not null
        constraint finding_subject_is_known check (subject in ('products', 'customers', 'orders')),
    shop_id        bigint      not null,
    key            text        not null,
    verdict        text        not null
        constraint finding_verdict_is_known check (verdict in
            ('differs', 'missing_in_odoo', 'missing_in_etsy', 'duplicated_in_odoo', 'outside_window')),
    standing       text        not null,
    -- the names of the columns that differ
    differences    text[]      not null,
    currency       text,
    etsy_amount    numeric,
    odoo_amount    numeric,
    constraint one_finding_per_key primary key (run_id, subject, shop_id, key)
);

-- Every key that was compared, counted once: keys and money, per verdict. The sums of a subject foot with staging.
create table diff.tally (
    run_id         bigint      not null,
    subject        text        not null
        constraint tally_subject_is_known check (subject in ('products', 'customers', 'orders')),
    shop_id        bigint      not null,
    verdict        text        not null
        constraint tally_verdict_is_known check (verdict in
            ('agrees', 'differs', 'missing_in_odoo', 'missing_in_etsy', 'duplicated_in_odoo', 'outside_window')),
    standing       text        not null,
    -- empty for subjects without money
    currency       text        not null,
    keys           bigint      not null,
    etsy_amount    numeric     not null,
    odoo_amount    numeric     not null,
    constraint counted_once primary key (run_id, subject, shop_id, verdict, standing, currency)
);
