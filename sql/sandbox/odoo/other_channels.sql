-- Seeds what a business sells elsewhere: three customers, four products and a dozen old orders that no Etsy id names.
--
-- grain:  one order per week of the last quarter of 2025
-- params: none
-- reads:  res_country, res_currency, product_pricelist
-- writes: res_partner, product_*, stock_quant, sale_order, sale_order_line
insert into res_partner (name, complete_name, type, is_company, active, lang, autopost_bills, street, city, zip, country_id)
select given.name, given.name, 'contact', true, true, 'en_US', 'ask', given.street, given.city, given.zip, country.id
from (values
    ('Riverside Gifts', '12 Quay Street', 'Portland', '04101', 'US'),
    ('Galerie Linden', 'Lindenallee 3', 'Berlin', '10115', 'DE'),
    ('Corner Book Shop', '8 Mill Lane', 'Bath', 'BA1 1AA', 'GB')
) as given (name, street, city, zip, country)
join res_country as country on country.code = given.country;
update res_partner set commercial_partner_id = id where commercial_partner_id is null;

with item as materialized (
    select nextval('product_template_id_seq')::integer as template_id, nextval('product_product_id_seq')::integer as product_id, given.*
    from (values
        ('SHOP-TOTE', 'Canvas tote', 18.00, true, 60), ('SHOP-PRINT', 'Framed print', 45.00, true, 25),
        ('SHOP-CANDLE', 'Beeswax candle', 12.50, true, 140), ('SHOP-WRAP', 'Gift wrapping', 4.00, false, 0)
    ) as given (sku, name, price, is_good, on_hand)
), template as (
    insert into product_template (id, sequence, categ_id, uom_id, uom_po_id, type, service_tracking, default_code, name,
        list_price, sale_ok, purchase_ok, active, is_favorite, sale_delay, tracking, is_storable, sale_line_warn,
        expense_policy, invoice_policy)
    select template_id, 1, 1, 1, 1, case when is_good then 'consu' else 'service' end, 'no', sku,
           jsonb_build_object('en_US', name), price, true, true, true, false, 0, 'none', is_good, 'no-message', 'no', 'order'
    from item
    returning id
), tax as (
    insert into product_taxes_rel (prod_id, tax_id) select id, 1 from template
), variant as (
    insert into product_product (id, product_tmpl_id, default_code, combination_indices, active)
    select product_id, template_id, sku, '', true from item
    returning id
)
insert into stock_quant (product_id, company_id, location_id, quantity, reserved_quantity, inventory_quantity_set, in_date)
select product_id, 1, 8, on_hand, 0, false, timestamp '2025-09-01' from item where is_good and exists (select from variant);

-- Shipped long ago: the orders are closed and reserve nothing.
with buyer as (
    select id, row_number() over (order by id) - 1 as place from res_partner
    where name in ('Riverside Gifts', 'Galerie Linden', 'Corner Book Shop')
), made as (
    insert into sale_order (company_id, partner_id, partner_invoice_id, partner_shipping_id, pricelist_id, currency_id,
        currency_rate, user_id, team_id, name, state, client_order_ref, origin, invoice_status, locked, date_order,
        warehouse_id, picking_policy, delivery_status, amount_untaxed, amount_tax, amount_total)
    select 1, buyer.id, buyer.id, buyer.id, pricelist.id, pricelist.currency_id, 1.0, 2, 1,
           'S' || lpad(nextval('ir_sequence_sale_order')::text, 5, '0'), 'sale', 'PO-' || (700 + week), 'Website', 'invoiced',
           false, timestamp '2025-10-01 09:30:00' + week * interval '7 days', 1, 'direct', 'full', 0, 0, 0
    from generate_series(0, 11) as week
    join buyer on buyer.place = week % 3
    cross join (select id, currency_id from product_pricelist order by sequence, id limit 1) as pricelist
    order by week
    returning id, partner_id, currency_id
)
insert into sale_order_line (order_id, sequence, company_id, currency_id, order_partner_id, product_id, product_uom, state,
    qty_delivered_method, invoice_status, name, product_uom_qty, price_unit, discount, price_subtotal, price_total, price_tax,
    qty_delivered, qty_invoiced, is_downpayment, is_expense, customer_lead, is_delivery, warehouse_id)
select made.id, 10, 1, made.currency_id, made.partner_id, variant.id, 1, 'sale', 'stock_move', 'invoiced',
       template.name ->> 'en_US', 1 + made.id % 4, template.list_price, 0, (1 + made.id % 4) * template.list_price,
       (1 + made.id % 4) * template.list_price, 0, 1 + made.id % 4, 1 + made.id % 4, false, false, 0, false, 1
from made
join product_product as variant on variant.default_code = (array['SHOP-TOTE', 'SHOP-PRINT', 'SHOP-CANDLE'])[1 + made.id % 3]
join product_template as template on template.id = variant.product_tmpl_id;

update sale_order as kept set amount_untaxed = line.total, amount_total = line.total
from (select order_id, sum(price_subtotal) as total from sale_order_line group by order_id) as line
where line.order_id = kept.id;
