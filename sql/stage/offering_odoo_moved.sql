-- Marks the offerings of which Odoo allows another number than when both sides last agreed, sales on Etsy apart. A sale takes
-- one from both sides: it is nobody's move.
--
-- grain:  one row per offering that Odoo has moved
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.offering_target
-- writes: staging.offering_target
update staging.offering_target as target
set moved = case target.moved when 'etsy' then 'both' else 'odoo' end
from staging.stock_comparison as comparison
where comparison.run_id = $1
    and target.shop_id = comparison.shop_id
    and target.obstacle is null
    and target.moved in ('nobody', 'etsy')
    and (
        target.settled_target < greatest(target.base_target - target.sold_since_base_most, 0)
        or target.settled_target > greatest(target.base_target - target.sold_since_base_least, 0)
    )
