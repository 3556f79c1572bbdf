-- Gathers statistics of what has just been staged of the quantities: without them, joins would be made row by row.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.stock_comparison;
analyze staging.compared_listing;
analyze staging.pending_part;
analyze staging.offering_base;
