-- Gathers statistics of the classed entries and the settlements, many of which are new.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.money_entry;
analyze staging.settlement;
