-- Tells what the import of a shop's receipts covers, and whether it has ended.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint
-- reads:  snapshot.import
-- writes: nothing
select import_from, import_until, ended_at
from snapshot.import
where shop_id = $1
