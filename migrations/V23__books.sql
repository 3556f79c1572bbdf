-- Entries for the books: what a payout, or a month's end, comes to on the accounts of the merchant's bookkeeping.

alter table shop.policy
    -- file: entries are made for reading only; draft: they are made in Odoo, too
    add column books text not null default 'file'
        constraint policy_books_is_known check (books in ('file', 'draft')),
    -- entries that are dated before it are not made
    add column books_from timestamptz,
    -- Odoo's journal, by its short code
    add column books_journal text,
    -- the code of an account for each use
    add column accounts jsonb not null default '{}';

alter table diff.finding drop constraint finding_subject_is_known;
alter table diff.finding add constraint finding_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger', 'books'));
alter table diff.tally drop constraint tally_subject_is_known;
alter table diff.tally add constraint tally_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger', 'books'));
alter table journal.decision drop constraint decision_subject_is_known;
alter table journal.decision add constraint decision_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger', 'books'));
alter table journal.decision drop constraint decision_action_is_known;
alter table journal.decision add constraint decision_action_is_known check (action in
    ('create_product', 'update_product', 'count_stock', 'create_customer', 'book_order', 'change_address', 'cancel_order',
     'create_entry', 'deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing'));
create index decision_on_entry on journal.decision (shop_id, key) where action = 'create_entry';
alter table diff.break drop constraint break_kind_is_known;
alter table diff.break add constraint break_kind_is_known check (kind in
    ('missing_in_odoo', 'missing_in_etsy', 'cancelled_on_one_side', 'duplicate_order', 'currency', 'tax', 'rounding',
     'edited_by_hand', 'total_differs', 'invoice_differs', 'refund_not_credited', 'refund_differs', 'tax_differs',
     'payment_missing', 'payment_differs', 'unknown_ledger_type', 'unknown_unit', 'unknown_reference', 'broken_chain',
     'charged_twice', 'entry_differs'));

-- Odoo's accounts, as each company has them.
create unlogged table snapshot.odoo_account (
    run_id          bigint      not null,
    -- the root of a company's branches
    company_id      integer     not null,
    account_id      integer     not null,
    code            text,
    account_type    text,
    currency_id     integer,
    deprecated      boolean
);

create unlogged table snapshot.odoo_journal (
    run_id          bigint      not null,
    id              integer     not null,
    company_id      integer     not null,
    code            text,
    type            text,
    currency_id     integer,
    active          boolean
);

-- How many units of a currency a unit of the company's own is, from a day on.
create unlogged table snapshot.odoo_rate (
    run_id          bigint      not null,
    currency_id     integer     not null,
    -- null: of all companies
    company_id      integer,
    rated_on        date        not null,
    rate            numeric
);

-- The entries that bear an external id of ours, with what their lines come to.
create unlogged table snapshot.odoo_entry (
    run_id          bigint      not null,
    -- as the external id has it
    shop_id         bigint      not null,
    -- without its module
    external_id     text        not null,
    move_id         integer     not null,
    -- a draft has none
    name            text,
    -- Odoo's draft, posted and cancel
    state           text,
    dated_on        date,
    currency_id     integer,
    -- in the currency of the lines, and in the company's
    debit           numeric     not null,
    company_debit   numeric     not null
);
-- the last day that is locked for good or for bookkeepers
alter table snapshot.odoo_company add column locked_until date;

-- In which company's books the entries of a shop are made.
create unlogged table staging.book_home (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    company_id      integer     not null,
    -- the root of its branches, which has the accounts
    root_id         integer     not null,
    currency_id     integer,
    -- how the company rounds
    rounding        numeric,
    locked_until    date,
    constraint one_home_per_shop primary key (run_id, shop_id)
);

-- What each class of the payment account comes to between two settlements, split where a month ends.
create unlogged table staging.book_part (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    -- `payout_<shop>_<ledger entry>` up to a settlement, `month_<shop>_<currency>_<month>` up to a month's end
    entry_key       text        not null,
    currency        text        not null,
    class           text        not null,
    -- the ledger entry of the payout or recoupment; null: up to the month's end
    settlement_id   bigint,
    -- payout or recoupment
    settled_by      text,
    dated_on        date        not null,
    entries         bigint      not null,
    -- null: of one of them, nobody knows the unit
    amount          numeric,
    first_sequence  bigint      not null,
    last_sequence   bigint      not null,
    first_at        timestamptz not null,
    last_at         timestamptz not null,
    balance_before  numeric,
    balance_after   numeric,
    constraint one_part_per_class primary key (run_id, shop_id, entry_key, class)
);

-- An entry for the books.
create unlogged table staging.book_entry (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    entry_key       text        not null,
    currency        text        not null,
    settlement_id   bigint,
    settled_by      text,
    dated_on        date        not null,
    first_at        timestamptz not null,
    last_at         timestamptz not null,
    entries         bigint      not null,
    opening_balance numeric,
    closing_balance numeric,
    -- what its debits come to, and its credits
    total           numeric,
    -- the same in the company's currency; null: in Odoo it cannot be made
    company_total   numeric,
    standing        text        not null
        constraint entry_standing_is_known check (standing in ('due', 'before_start', 'open')),
    -- why it cannot be made
    obstacle        text
        constraint entry_obstacle_is_known check (obstacle in
            ('gap', 'unknown_unit', 'broken_chain', 'no_account', 'unknown_company', 'unknown_currency', 'unknown_journal',
             'unknown_account', 'no_rate', 'locked')),
    -- which accounts, and the like
    detail          text        not null default '',
    company_id      integer,
    journal_id      integer,
    currency_id     integer,
    constraint one_row_per_entry primary key (run_id, shop_id, entry_key)
);

-- A line of an entry for the books.
create unlogged table staging.book_line (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    entry_key       text        not null,
    line_no         integer     not null,
    -- a class of the payment account, or a balance that is brought or carried forward
    use             text        not null
        constraint line_use_is_known check (use in
            ('brought_forward', 'sale', 'refund', 'etsy_tax', 'fee_transaction', 'fee_processing', 'fee_listing',
             'fee_regulatory', 'fee_other', 'vat_on_fees', 'ads', 'labels', 'credit', 'deposit', 'recoupment', 'payout',
             'adjustment', 'suspense', 'carried_forward')),
    -- how many movements of the account it sums up
    entries         bigint      not null,
    -- above zero a debit, below a credit
    amount          numeric     not null,
    -- in the company's currency
    company_amount  numeric,
    account_code    text,
    account_id      integer,
    constraint one_line_per_number primary key (run_id, shop_id, entry_key, line_no)
);
