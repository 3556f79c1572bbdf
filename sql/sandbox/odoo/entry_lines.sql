-- Finds the lines of journal entries.
--
-- grain:  one row per line
-- params: $1 ids integer[] of the entries
-- reads:  account_move_line
-- writes: nothing
select line.id from account_move_line as line where line.move_id = any($1) order by line.id
