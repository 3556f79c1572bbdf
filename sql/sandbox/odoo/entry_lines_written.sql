-- Writes the amounts of lines of journal entries, of which one decides about the others.
--
-- grain:  one row per line
-- params: $1 rows jsonb (each with the line's id and the amounts that are given)
-- reads:  account_move, res_company, res_currency, res_currency_rate
-- writes: account_move_line
with given as (
    select line.id, amounts.amount_currency, amounts.balance
    from jsonb_array_elements($1) as item (row)
    join account_move_line as line on line.id = (item.row ->> 'id')::integer
    join account_move as entry on entry.id = line.move_id
    cross join lateral sandbox.line_amounts(
        item.row, line.currency_id, line.company_id, entry.date, line.amount_currency, line.balance) as amounts
)
update account_move_line as kept
set amount_currency = given.amount_currency, balance = given.balance, debit = greatest(given.balance, 0),
    credit = greatest(-given.balance, 0), price_subtotal = given.amount_currency, price_total = given.amount_currency
from given
where given.id = kept.id
