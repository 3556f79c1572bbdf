-- Tries to create a temporary table in Odoo's database, which has to be refused.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: nothing: it is refused, or else rolled back
create temporary table etsy_odoo_may_write ()
