-- Gathers statistics of how many of each offering may be for sale.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.offering_target;
