-- Lists the files that are kept of a closed month.
--
-- grain:  one row per file
-- params: $1 close_id bigint
-- reads:  journal.period_file
-- writes: nothing
select distinct file.name
from journal.period_file as file
where file.close_id = $1
order by file.name
