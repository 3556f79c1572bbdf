-- Forgets what an earlier run, or an earlier try of this one, staged of the quantities of some shops.
--
-- grain:  one row per row of those tables
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  nothing
-- writes: staging.stock_comparison, staging.compared_listing, staging.pending_part, staging.offering_target
with gone_comparison as (
    delete from staging.stock_comparison where shop_id = any($2)
),
gone_listing as (
    delete from staging.compared_listing where shop_id = any($2)
),
-- of all shops: each run adds them up anew
gone_pending as (
    delete from staging.pending_part where run_id <= $1
)
delete from staging.offering_target where shop_id = any($2)
