-- Gathers statistics of what the kits are worth.
--
-- grain:  none
-- params: none
-- reads:  pg_temp
-- writes: nothing
analyze kit_stock;
