-- Completes new product variants as Odoo's defaults would.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb
-- reads:  nothing
-- writes: nothing
select jsonb_build_object('active', true, 'combination_indices', '') || item.row as row
from jsonb_array_elements($1) with ordinality as item (row, place)
order by item.place
