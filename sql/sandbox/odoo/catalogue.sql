-- Seeds products with the stock that the warehouse holds of them.
--
-- grain:  one template, one variant and, unless it is digital, one quant per item
-- params: $1 items jsonb
-- reads:  res_currency, res_currency_rate
-- writes: product_template, product_product, product_taxes_rel, stock_quant
with item as materialized (
    select row_number() over () as place, nextval('product_template_id_seq')::integer as template_id,
           nextval('product_product_id_seq')::integer as product_id, given.*,
           round(given.price_minor / power(10::numeric, given.decimals) / coalesce(rate.rate, 1), 2) as list_price
    from jsonb_to_recordset($1) as given
        (sku varchar, name text, price_minor numeric, decimals integer, currency varchar, on_hand numeric, is_digital boolean, barcode varchar)
    left join res_currency as currency on currency.name = given.currency
    left join lateral (
        select rate from res_currency_rate where currency_id = currency.id order by name desc limit 1
    ) as rate on true
), template as (
    insert into product_template (id, sequence, categ_id, uom_id, uom_po_id, type, service_tracking, default_code, name,
        list_price, sale_ok, purchase_ok, active, is_favorite, sale_delay, tracking, is_storable, sale_line_warn,
        expense_policy, invoice_policy)
    select template_id, 1, 1, 1, 1, case when is_digital then 'service' else 'consu' end, 'no', sku,
           jsonb_build_object('en_US', name), list_price, true, true, true, false, 0, 'none', not is_digital, 'no-message',
           'no', 'order'
    from item
    order by place
    returning id
), tax as (
    insert into product_taxes_rel (prod_id, tax_id) select id, 1 from template
), variant as (
    insert into product_product (id, product_tmpl_id, default_code, barcode, combination_indices, active)
    select product_id, template_id, sku, barcode, '', true from item order by place
    returning id
)
insert into stock_quant (product_id, company_id, location_id, quantity, reserved_quantity, inventory_quantity_set, in_date)
select product_id, 1, 8, on_hand, 0, false, timestamp '2026-01-01'
from item
where not is_digital and on_hand <> 0 and exists (select from variant)
order by place;
