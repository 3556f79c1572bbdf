-- Finds the journal entries that lines belong to.
--
-- grain:  one row per entry
-- params: $1 line_ids integer[]
-- reads:  account_move_line
-- writes: nothing
select distinct line.move_id from account_move_line as line where line.id = any($1) order by line.move_id
