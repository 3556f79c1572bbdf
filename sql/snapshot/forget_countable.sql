-- Forgets what stood at the stock locations of Odoo's warehouses when earlier runs counted there.
--
-- grain:  one row per product and stock location
-- params: $1 run_id bigint
-- reads:  nothing
-- writes: snapshot.odoo_countable
delete from snapshot.odoo_countable where run_id <= $1
