-- Finds the last run that has read a database of Odoo's.
--
-- grain:  one row
-- params: $1 database text
-- reads:  snapshot.odoo_read
-- writes: nothing
select max(run_id) as run_id
from snapshot.odoo_read
where database = $1
