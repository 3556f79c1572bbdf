-- Finds the quants whose quantity has changed since their count was entered.
--
-- grain:  one row per such quant
-- params: $1 ids integer[]
-- reads:  stock_quant
-- writes: nothing
select quant.id
from stock_quant as quant
where quant.id = any ($1)
    and quant.inventory_quantity_set
    and coalesce(quant.inventory_quantity, 0) - coalesce(quant.inventory_diff_quantity, 0) <> coalesce(quant.quantity, 0)
order by quant.id
