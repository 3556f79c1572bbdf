-- Gathers statistics of what happened on Etsy, and of what is promised of Odoo's stock: without them the targets would be
-- joined row by row.
--
-- grain:  none
-- params: none
-- reads:  pg_temp
-- writes: nothing
analyze moved_offering;
analyze promised_part;
