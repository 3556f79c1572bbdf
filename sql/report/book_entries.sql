-- Lists the entries for the books of some shops, line by line, with what became of them in Odoo.
--
-- grain:  one row per entry and line; an entry whose lines nobody knows has one row
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from date, $4 to date
-- reads:  staging.book_entry, staging.book_line, snapshot.odoo_entry, snapshot.odoo_read, journal.decision,
--         journal.attempt, journal.outcome, shop.policy
-- writes: nothing
with entry as (
    select entry.*, policy.books = 'draft' as wants_draft
    from staging.book_entry as entry
    join shop.policy on policy.shop_id = entry.shop_id
    where entry.run_id = $1
        and entry.shop_id = any($2)
        and ($3::date is null or entry.dated_on >= $3)
        and ($4::date is null or entry.dated_on <= $4)
),
-- Odoo's rows are of before the run wrote anything
seen as (
    select max(odoo_read.taken_at) as taken_at
    from snapshot.odoo_read
    where odoo_read.run_id = $1
),
made as (
    select entry.shop_id, entry.entry_key, max(outcome.recorded_at) as made_at
    from entry
    join journal.decision on decision.shop_id = entry.shop_id and decision.key = entry.entry_key
        and decision.action = 'create_entry'
    join journal.attempt on attempt.run_id = decision.run_id and attempt.decision_no = decision.decision_no
    join journal.outcome on outcome.attempt_id = attempt.attempt_id and outcome.outcome = 'applied'
    group by entry.shop_id, entry.entry_key
)
select
    entry.shop_id,
    entry.entry_key,
    entry.currency,
    entry.settlement_id,
    entry.settled_by,
    entry.dated_on,
    entry.first_at,
    entry.last_at,
    entry.total,
    entry.standing,
    entry.obstacle,
    entry.detail,
    entry.wants_draft,
    there.name as odoo_name,
    there.state as odoo_state,
    there.debit as odoo_total,
    coalesce(made.made_at < seen.taken_at, false) as was_made,
    coalesce(made.made_at >= seen.taken_at, false) as is_made_since,
    line.use,
    line.entries,
    line.amount,
    line.account_code
from entry
cross join seen
left join staging.book_line as line
    on line.run_id = $1 and line.shop_id = entry.shop_id and line.entry_key = entry.entry_key
left join snapshot.odoo_entry as there on there.run_id = $1 and there.external_id = entry.entry_key
left join made on made.shop_id = entry.shop_id and made.entry_key = entry.entry_key
order by entry.shop_id, entry.currency, entry.dated_on, entry.first_at, entry.entry_key, line.line_no
