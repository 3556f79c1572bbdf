-- Taxes new order lines that say nothing of taxes as their product is taxed.
--
-- grain:  one row per line and tax
-- params: $1 line_ids integer[]
-- reads:  sale_order_line, product_product, product_taxes_rel
-- writes: account_tax_sale_order_line_rel
insert into account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
select line.id, tax.tax_id
from sale_order_line as line
join product_product as variant on variant.id = line.product_id
join product_taxes_rel as tax on tax.prod_id = variant.product_tmpl_id
where line.id = any($1)
on conflict do nothing
