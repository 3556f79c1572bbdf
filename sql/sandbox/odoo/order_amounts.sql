-- Computes the amounts of orders and their lines, each line rounded to its currency.
--
-- grain:  one row per order
-- params: $1 order_ids integer[]
-- reads:  sale_order_line, res_currency, account_tax
-- writes: sale_order_line, sale_order
with line as (
    select line.id, coalesce(currency.decimal_places, 2) as decimals, line.product_uom_qty as quantity,
           line.product_uom_qty * line.price_unit * (1 - coalesce(line.discount, 0) / 100) as gross,
           coalesce((
               select sum(tax.amount) from account_tax_sale_order_line_rel as link
               join account_tax as tax on tax.id = link.account_tax_id
               where link.sale_order_line_id = line.id and tax.price_include_override = 'tax_included'), 0) as included_rate
    from sale_order_line as line
    left join res_currency as currency on currency.id = line.currency_id
    where line.order_id = any($1)
), untaxed as (
    select line.*, round(gross / (1 + included_rate / 100), decimals) as subtotal from line
), taxed as (
    select untaxed.*,
           case when included_rate <> 0 then round(gross, decimals) - subtotal else 0 end
           + coalesce((
               select sum(round(subtotal * tax.amount / 100, decimals)) from account_tax_sale_order_line_rel as link
               join account_tax as tax on tax.id = link.account_tax_id
               where link.sale_order_line_id = untaxed.id
                 and tax.price_include_override is distinct from 'tax_included'), 0) as tax
    from untaxed
), written as (
    update sale_order_line as kept
    set price_subtotal = taxed.subtotal, price_tax = taxed.tax, price_total = taxed.subtotal + taxed.tax,
        price_reduce_taxexcl = case when taxed.quantity <> 0 then taxed.subtotal / taxed.quantity else 0 end,
        price_reduce_taxinc = case when taxed.quantity <> 0 then (taxed.subtotal + taxed.tax) / taxed.quantity else 0 end
    from taxed
    where taxed.id = kept.id
    returning kept.order_id, taxed.subtotal, taxed.tax
), footed as (
    select booked.id, coalesce(sum(written.subtotal), 0) as untaxed, coalesce(sum(written.tax), 0) as tax
    from unnest($1) as booked (id)
    left join written on written.order_id = booked.id
    group by booked.id
)
update sale_order as kept
set amount_untaxed = footed.untaxed, amount_tax = footed.tax, amount_total = footed.untaxed + footed.tax
from footed
where footed.id = kept.id
