-- Tells from when on a shop's ledger is read.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint
-- reads:  snapshot.ledger_start
-- writes: nothing
select begins_at
from snapshot.ledger_start
where shop_id = $1
