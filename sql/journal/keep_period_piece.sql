-- Keeps a piece of a file of a closed month.
--
-- grain:  one row
-- params: $1 close_id bigint, $2 name text, $3 piece integer, $4 bytes bytea
-- reads:  journal.period_close
-- writes: journal.period_file
insert into journal.period_file (run_id, close_id, name, piece, bytes)
select period_close.run_id, period_close.close_id, $2, $3, $4
from journal.period_close
where period_close.close_id = $1
