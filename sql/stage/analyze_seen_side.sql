-- Gathers statistics of what Etsy shows, which has just been gathered.
--
-- grain:  none
-- params: none
-- reads:  pg_temp
-- writes: nothing
analyze seen_offering;
