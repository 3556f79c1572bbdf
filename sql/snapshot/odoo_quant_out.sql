-- Reads the stock quants out of Odoo's database.
--
-- grain:  one row per quant
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  stock_quant
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        product_id,
        location_id,
        quantity,
        reserved_quantity
    from stock_quant
) to stdout (format binary)
