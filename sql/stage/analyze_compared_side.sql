-- Gathers statistics of what has just been staged of the quantities: without them, joins would be made row by row.
--
-- grain:  none
-- params: none
-- reads:  staging, shop
-- writes: nothing
analyze staging.stock_comparison;
analyze staging.compared_listing (shop_id, listing_id);
analyze staging.pending_part;
analyze staging.offering_base (shop_id, listing_id, variant_key);
analyze shop.stock_rule;
