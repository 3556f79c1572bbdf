-- Counts the open rejects of some shops.
--
-- grain:  one row
-- params: $1 shop_ids bigint[]
-- reads:  staging.reject
-- writes: nothing
select count(*) as rejects
from staging.reject
where reject.resolved_in_run is null and reject.shop_id = any($1)
