-- Taxes new products that say nothing of taxes as their company does.
--
-- grain:  one row per product
-- params: $1 template_ids integer[]
-- reads:  res_company, product_template
-- writes: product_taxes_rel
insert into product_taxes_rel (prod_id, tax_id)
select template.id, company.account_sale_tax_id
from product_template as template
join res_company as company on company.id = coalesce(template.company_id, 1)
where template.id = any($1) and company.account_sale_tax_id is not null
on conflict do nothing
