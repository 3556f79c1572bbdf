-- Reads the lines of the sale orders that claim an Etsy receipt out of Odoo's database.
--
-- grain:  one row per line
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  sale_order_line, sale_order, ir_model_data
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        order_id,
        product_id,
        display_type::text,
        product_uom_qty,
        price_unit,
        price_subtotal,
        price_total,
        is_delivery,
        x_etsy_transaction_id::text,
        discount
    from sale_order_line
    where order_id in (
            select sale_order.id
            from sale_order
            where sale_order.x_etsy_receipt_id is not null
            union
            select ir_model_data.res_id
            from ir_model_data
            where ir_model_data.module = 'etsy' and ir_model_data.model = 'sale.order'
        )
) to stdout (format binary)
