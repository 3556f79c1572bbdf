-- Carries what journal entries say over to their lines, and what their lines come to over to them.
--
-- grain:  one row per entry
-- params: $1 ids integer[]
-- reads:  account_move, account_move_line
-- writes: account_move_line, account_move
with carried as (
    update account_move_line as line
    set date = entry.date, journal_id = entry.journal_id, parent_state = entry.state, move_name = entry.name, ref = entry.ref
    from account_move as entry
    where entry.id = any($1) and line.move_id = entry.id
      and (line.date, line.journal_id, line.parent_state, line.move_name, line.ref)
          is distinct from (entry.date, entry.journal_id, entry.state, entry.name, entry.ref)
), footed as (
    select entry.id, coalesce(sum(line.amount_currency) filter (where line.debit <> 0), 0) as total,
           coalesce(sum(line.balance) filter (where line.debit <> 0), 0) as worth
    from account_move as entry
    left join account_move_line as line on line.move_id = entry.id
    where entry.id = any($1) and entry.move_type = 'entry'
    group by entry.id
)
update account_move as kept
set amount_total = footed.total, amount_total_signed = footed.worth, amount_total_in_currency_signed = footed.total
from footed
where footed.id = kept.id
