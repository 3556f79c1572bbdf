-- Taxes new order lines that say nothing of taxes as their product is taxed, mapped as their order's fiscal position says.
--
-- grain:  one row per line and tax
-- params: $1 line_ids integer[]
-- reads:  sale_order_line, sale_order, product_product, product_taxes_rel, account_fiscal_position_tax
-- writes: account_tax_sale_order_line_rel
insert into account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
select line.id, case when mapped.position_id is null then tax.tax_id else mapped.tax_dest_id end
from sale_order_line as line
join sale_order as booked on booked.id = line.order_id
join product_product as variant on variant.id = line.product_id
join product_taxes_rel as tax on tax.prod_id = variant.product_tmpl_id
left join account_fiscal_position_tax as mapped
    on mapped.position_id = booked.fiscal_position_id and mapped.tax_src_id = tax.tax_id
where line.id = any($1)
    -- a tax that is mapped to none goes
    and (mapped.position_id is null or mapped.tax_dest_id is not null)
on conflict do nothing
