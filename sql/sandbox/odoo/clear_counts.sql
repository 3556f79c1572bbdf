-- Takes back the counts that are entered at quants.
--
-- grain:  one row per quant
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  nothing
-- writes: stock_quant
update stock_quant
set inventory_quantity = 0, inventory_diff_quantity = 0, inventory_quantity_set = false, user_id = null, write_uid = $3,
    write_date = $2
where id = any ($1)
