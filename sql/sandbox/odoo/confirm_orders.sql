-- Makes quotations orders, dated now whatever their date was.
--
-- grain:  one row per order
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  product_product, product_template
-- writes: sale_order, sale_order_line
with line as (
    update sale_order_line as kept
    set state = 'sale',
        invoice_status = case when billed.invoice_policy = 'order' and kept.product_uom_qty <> 0 then 'to invoice' else 'no' end,
        qty_to_invoice = case when billed.invoice_policy = 'order' then kept.product_uom_qty else 0 end
    from (
        select line.id, template.invoice_policy
        from sale_order_line as line
        left join product_product as variant on variant.id = line.product_id
        left join product_template as template on template.id = variant.product_tmpl_id
        where line.order_id = any($1)
    ) as billed
    where billed.id = kept.id
    returning kept.order_id, kept.invoice_status
)
update sale_order as kept
set state = 'sale', date_order = $2, write_date = $2, write_uid = $3,
    invoice_status = case
        when exists (select from line where line.order_id = kept.id and line.invoice_status = 'to invoice') then 'to invoice'
        else 'no' end
where kept.id = any($1)
