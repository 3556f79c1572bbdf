-- Tells whether the entries of all these shops were classed before.
--
-- grain:  one row
-- params: $1 shop_ids bigint[]
-- reads:  staging.money_kept
-- writes: nothing
select count(*) = cardinality($1::bigint[]) as were_kept
from staging.money_kept
where shop_id = any($1)
