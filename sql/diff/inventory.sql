-- Pairs every listing on sale with what Odoo allows of its offerings, and says how they stand.
--
-- grain:  one row per shop and listing; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.offering_target
-- writes: diff.finding, diff.tally
select $1::bigint, $2::bigint[]
