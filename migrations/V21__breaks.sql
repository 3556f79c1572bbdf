-- What keeps money up to date from run to run, and breaks from search to search.

alter table diff.finding drop constraint finding_subject_is_known;
alter table diff.finding add constraint finding_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger'));
alter table diff.tally drop constraint tally_subject_is_known;
alter table diff.tally add constraint tally_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger'));
alter table journal.decision drop constraint decision_subject_is_known;
alter table journal.decision add constraint decision_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory', 'ledger'));

-- Up to which run the entries of a shop's payment account are classed.
create table staging.money_kept (
    shop_id         bigint      constraint money_is_kept_once_per_shop primary key,
    until_run       bigint      not null
);
create index etsy_ledger_entry_by_run on staging.etsy_ledger_entry (shop_id, changed_in_run);
-- entries that may be tied later, and entries that end a settlement: few among many
create index money_entry_in_trouble on staging.money_entry (shop_id, entry_id) where trouble is not null;
create index money_entry_that_settles on staging.money_entry (shop_id, currency, sequence_number)
    where class in ('payout', 'recoupment');

alter table staging.receipt_money
    -- in which currency the payment account has it; null: it does not have it
    add column ledger_currency text,
    -- tax in the order by Odoo's own reckoning; null: no order
    add column order_tax numeric;
create index receipt_money_by_receipt on staging.receipt_money (run_id, shop_id, receipt_id);

-- Which shops were searched for breaks in which run: a shop without breaks is not one that nobody looked at.
create table diff.break_search (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    searched_at     timestamptz not null,
    constraint searched_once_a_run primary key (run_id, shop_id)
);
create index break_by_key on diff.break (shop_id, kind, key, run_id);
