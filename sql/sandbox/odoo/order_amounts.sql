-- Computes the amounts of orders and their lines: each line is rounded to its currency, and the taxes of an order line by
-- line or, where its company rounds globally, tax by tax.
--
-- grain:  one row per order
-- params: $1 order_ids integer[]
-- reads:  sale_order_line, sale_order, res_currency, res_company, account_tax
-- writes: sale_order_line, sale_order
with line as (
    select line.id, line.order_id, coalesce(currency.decimal_places, 2) as decimals, line.product_uom_qty as quantity,
           line.product_uom_qty * line.price_unit * (1 - coalesce(line.discount, 0) / 100) as gross
    from sale_order_line as line
    left join res_currency as currency on currency.id = line.currency_id
    where line.order_id = any($1)
), bears as (
    select link.sale_order_line_id as line_id, tax.id as tax_id,
           coalesce(tax.price_include_override, company.account_price_include) = 'tax_included' as is_included,
           -- a division tax is a share of the price with tax
           case tax.amount_type
               when 'percent' then tax.amount / 100
               when 'division' then tax.amount / (100 - tax.amount)
               else 0
           end as rate
    from account_tax_sale_order_line_rel as link
    join account_tax as tax on tax.id = link.account_tax_id
    join res_company as company on company.id = tax.company_id
    where link.sale_order_line_id in (select id from line)
), based as (
    select line.*, line.gross / (1 + coalesce(included.rate, 0)) as base, included.rate is not null as is_included
    from line
    left join (
        select line_id, sum(rate) as rate from bears where is_included group by line_id
    ) as included on included.line_id = line.id
), raw_tax as (
    select based.id as line_id, based.order_id, bears.tax_id, bears.is_included, based.decimals,
           based.base * bears.rate as amount
    from based
    join bears on bears.line_id = based.id
), line_tax as (
    select based.id, based.order_id, based.quantity, round(based.base, based.decimals) as subtotal,
           -- what is included is what is left of the price
           case when based.is_included then round(based.gross, based.decimals) - round(based.base, based.decimals) else 0 end
           + coalesce((
               select sum(round(raw_tax.amount, based.decimals)) from raw_tax
               where raw_tax.line_id = based.id and not raw_tax.is_included), 0) as tax
    from based
), written as (
    update sale_order_line as kept
    set price_subtotal = line_tax.subtotal, price_tax = line_tax.tax, price_total = line_tax.subtotal + line_tax.tax,
        price_reduce_taxexcl = case when line_tax.quantity <> 0 then line_tax.subtotal / line_tax.quantity else 0 end,
        price_reduce_taxinc = case when line_tax.quantity <> 0
            then (line_tax.subtotal + line_tax.tax) / line_tax.quantity else 0 end
    from line_tax
    where line_tax.id = kept.id
    returning kept.order_id, line_tax.subtotal, line_tax.tax
), by_tax as (
    select order_id, is_included, round(sum(amount), max(decimals)) as tax from raw_tax group by order_id, tax_id, is_included
), footed as (
    select booked.id, company.tax_calculation_rounding_method = 'round_globally' as is_global,
           coalesce(sum(written.subtotal), 0) as untaxed, coalesce(sum(written.tax), 0) as tax,
           coalesce((select sum(tax) from by_tax where order_id = booked.id), 0) as global_tax,
           coalesce((select sum(tax) from by_tax where order_id = booked.id and not is_included), 0) as global_added,
           coalesce((select sum(round(gross, decimals)) from line where order_id = booked.id), 0) as priced
    from sale_order as booked
    join res_company as company on company.id = booked.company_id
    left join written on written.order_id = booked.id
    where booked.id = any($1)
    group by booked.id, company.id
)
update sale_order as kept
set amount_tax = case when footed.is_global then footed.global_tax else footed.tax end,
    amount_total = case when footed.is_global then footed.priced + footed.global_added else footed.untaxed + footed.tax end,
    amount_untaxed = case when footed.is_global then footed.priced + footed.global_added - footed.global_tax
        else footed.untaxed end
from footed
where footed.id = kept.id
