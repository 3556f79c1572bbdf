-- Tells how journal entries stand.
--
-- grain:  one row per entry that exists, in the order of the ids
-- params: $1 ids integer[]
-- reads:  account_move, account_move_line
-- writes: nothing
select entry.id, entry.name::text, entry.state::text, entry.posted_before is true as posted_before,
       exists (select from account_move_line as line where line.move_id = entry.id) as has_lines
from unnest($1::integer[]) with ordinality as asked (id, place)
join account_move as entry on entry.id = asked.id
order by asked.place
