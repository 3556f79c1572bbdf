-- Reads what is invoiced and credited for the sale orders that claim an Etsy receipt out of Odoo's database: the lines of
-- invoices and credit notes that are linked to lines of the order, tax included, in the currency of the document.
--
-- grain:  one row per order and invoice or credit note
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  sale_order, ir_model_data, sale_order_line, sale_order_line_invoice_rel, account_move_line, account_move
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        order_line.order_id,
        move.id as move_id,
        -- a draft has none
        nullif(move.name, '/')::text as name,
        move.move_type::text,
        move.state::text,
        move.currency_id,
        move.invoice_date as invoiced_on,
        case when move.move_type = 'out_refund' then -sum(move_line.price_total) else sum(move_line.price_total) end as amount
    from sale_order_line as order_line
    join sale_order_line_invoice_rel as link on link.order_line_id = order_line.id
    join account_move_line as move_line on move_line.id = link.invoice_line_id
    join account_move as move on move.id = move_line.move_id and move.move_type in ('out_invoice', 'out_refund')
    where order_line.order_id in (
            select sale_order.id
            from sale_order
            where sale_order.x_etsy_receipt_id is not null
            union
            select ir_model_data.res_id
            from ir_model_data
            where ir_model_data.module = 'etsy' and ir_model_data.model = 'sale.order'
        )
    group by order_line.order_id, move.id
) to stdout (format binary)
