-- Completes new lines of journal entries: what the entry says, the company's currency where none is given, the amounts.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb
-- reads:  account_move, res_company, res_currency, res_currency_rate
-- writes: nothing
with given as (
    select item.row, item.place, (item.row ->> 'move_id')::integer as move_id
    from jsonb_array_elements($1) with ordinality as item (row, place)
), placed as (
    select given.row, given.place, entry.company_id, entry.journal_id, entry.date, entry.state, entry.name, entry.ref,
           house.currency_id as company_currency_id,
           coalesce((given.row ->> 'currency_id')::integer, house.currency_id) as currency_id
    from given
    left join account_move as entry on entry.id = given.move_id
    left join res_company as house on house.id = entry.company_id
)
select jsonb_build_object(
           'sequence', 100, 'display_type', 'product', 'account_id', null, 'quantity', 1.00, 'price_unit', 0, 'discount', 0)
       || row
       || jsonb_build_object(
           'company_id', company_id, 'company_currency_id', company_currency_id, 'journal_id', journal_id, 'date', date,
           'parent_state', state, 'move_name', name, 'ref', ref, 'currency_id', currency_id,
           'amount_currency', amounts.amount_currency, 'balance', amounts.balance, 'debit', greatest(amounts.balance, 0),
           'credit', greatest(-amounts.balance, 0), 'price_subtotal', amounts.amount_currency,
           'price_total', amounts.amount_currency) as row
from placed
left join lateral sandbox.line_amounts(row, currency_id, company_id, date, 0, 0) as amounts on true
order by place
