-- Reads the sale orders that claim an Etsy receipt out of Odoo's database.
--
-- grain:  one row per order
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  sale_order, ir_model_data
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        name::text,
        state::text,
        company_id,
        partner_id,
        partner_shipping_id,
        pricelist_id,
        currency_id,
        warehouse_id,
        client_order_ref::text,
        date_order,
        amount_untaxed,
        amount_tax,
        amount_total,
        invoice_status::text,
        delivery_status::text,
        x_etsy_receipt_id::text,
        x_etsy_shop::text
    from sale_order
    where x_etsy_receipt_id is not null
        or id in (
            select ir_model_data.res_id
            from ir_model_data
            where ir_model_data.module = 'etsy' and ir_model_data.model = 'sale.order'
        )
) to stdout (format binary)
