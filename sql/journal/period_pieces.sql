-- Gives the pieces of a file of a closed month, in order.
--
-- grain:  one row per piece
-- params: $1 close_id bigint, $2 name text
-- reads:  journal.period_file
-- writes: nothing
select file.bytes
from journal.period_file as file
where file.close_id = $1 and file.name = $2
order by file.piece
