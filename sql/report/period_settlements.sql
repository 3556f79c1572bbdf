-- Lists which movements each payout and recoupment settles, of all times: what is sold in a period is often paid out after it.
--
-- grain:  one row per payout or recoupment
-- params: $1 shop_ids bigint[]
-- reads:  staging.settlement
-- writes: nothing
select settlement.shop_id, settlement.currency, settlement.settlement_id, settlement.until_sequence
from staging.settlement
where settlement.shop_id = any($1)
order by settlement.shop_id, settlement.currency, settlement.until_sequence
