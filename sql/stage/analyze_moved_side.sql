-- Gathers statistics of what happened on Etsy, and of what that means for Odoo's stock.
--
-- grain:  none
-- params: none
-- reads:  pg_temp
-- writes: nothing
analyze moved_offering;
analyze odd_part;
