-- Gives each finding about entries for the books with the entry that is due, line by line, and the one that Odoo has.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.book_entry, staging.book_line, snapshot.odoo_entry, journal.decision_state,
--         journal.decision
-- writes: nothing
with finding as (
    select books.shop_id, books.key, books.verdict, books.differences, books.currency, books.odoo_amount
    from diff.finding as books
    where books.run_id = $1 and books.subject = 'books'
),
lines as (
    select
        line.shop_id,
        line.entry_key,
        jsonb_agg(
            jsonb_build_object(
                'use', line.use,
                'entries', line.entries,
                'amount', line.amount::text,
                'company_amount', line.company_amount::text,
                'account_id', line.account_id,
                'account_code', line.account_code
            )
            order by line.line_no
        ) as lines
    from finding
    join staging.book_line as line
        on line.run_id = $1 and line.shop_id = finding.shop_id and line.entry_key = finding.key
    group by line.shop_id, line.entry_key
),
-- what was made once is not made again
made as (
    select distinct finding.shop_id, finding.key
    from finding
    join journal.decision on decision.shop_id = finding.shop_id and decision.key = finding.key
        and decision.action = 'create_entry'
    join journal.decision_state as state
        on state.run_id = decision.run_id and state.decision_no = decision.decision_no and state.state = 'applied'
)
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    finding.differences,
    finding.currency,
    finding.odoo_amount,
    entry.settlement_id,
    entry.settled_by,
    entry.dated_on,
    entry.first_at,
    entry.last_at,
    entry.total,
    entry.company_total,
    entry.standing,
    entry.obstacle,
    entry.detail,
    entry.company_id,
    entry.journal_id,
    entry.currency_id,
    coalesce(lines.lines, '[]') as lines,
    there.name as odoo_name,
    there.state as odoo_state,
    made.key is not null as was_made
from finding
left join staging.book_entry as entry
    on entry.run_id = $1 and entry.shop_id = finding.shop_id and entry.entry_key = finding.key
left join lines on lines.shop_id = finding.shop_id and lines.entry_key = finding.key
left join snapshot.odoo_entry as there on there.run_id = $1 and there.external_id = finding.key
left join made on made.shop_id = finding.shop_id and made.key = finding.key
order by finding.shop_id, entry.dated_on, entry.first_at, finding.key
