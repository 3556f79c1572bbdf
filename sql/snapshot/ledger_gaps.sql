-- Lists what of a shop's ledger is not read yet, the newest first.
--
-- grain:  one row per gap
-- params: $1 shop_id bigint
-- reads:  snapshot.ledger_gap
-- writes: nothing
select gap_from, gap_until
from snapshot.ledger_gap
where shop_id = $1
order by gap_until desc
