-- Reads journal entries out of Odoo's database as they are now, with what their lines come to.
--
-- grain:  one row per entry
-- params: $1 move_ids integer[]
-- reads:  account_move, account_move_line
-- writes: nothing
select
    move.id as move_id,
    move.state::text,
    move.date as dated_on,
    move.currency_id,
    count(line.id) as lines,
    coalesce(sum(line.amount_currency) filter (where line.amount_currency > 0), 0) as debit,
    coalesce(sum(line.balance) filter (where line.balance > 0), 0) as company_debit
from account_move as move
left join account_move_line as line on line.move_id = move.id
where move.id = any($1)
group by move.id
