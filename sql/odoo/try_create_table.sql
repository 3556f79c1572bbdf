-- Tries to create a table in Odoo's schema, which has to be refused.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: nothing: it is refused, or else rolled back
create table public.etsy_odoo_may_write ()
