-- Finds the journal entries whose debits are not their credits.
--
-- grain:  one row per entry that is not balanced
-- params: $1 ids integer[]
-- reads:  account_move, account_move_line, account_journal, res_company, res_currency
-- writes: nothing
select sandbox.entry_name(entry) as entry, sandbox.shown_amount(sum(line.debit), house.currency_id) as debit,
       sandbox.shown_amount(sum(line.credit), house.currency_id) as credit, sandbox.english(journal.name) as journal
from account_move as entry
join account_move_line as line on line.move_id = entry.id
join account_journal as journal on journal.id = entry.journal_id
join res_company as house on house.id = entry.company_id
where entry.id = any($1)
group by entry.id, house.id, journal.id
having sum(line.balance) <> 0
order by entry.id
