-- Renews the currency of orders whose pricelist was changed.
--
-- grain:  one row per order
-- params: $1 order_ids integer[]
-- reads:  product_pricelist, res_company
-- writes: sale_order, sale_order_line
with priced as (
    select booked.id, coalesce(pricelist.currency_id, company.currency_id) as currency_id
    from sale_order as booked
    join res_company as company on company.id = booked.company_id
    left join product_pricelist as pricelist on pricelist.id = booked.pricelist_id
    where booked.id = any($1)
), line as (
    update sale_order_line as kept set currency_id = priced.currency_id from priced where priced.id = kept.order_id
)
update sale_order as kept set currency_id = priced.currency_id from priced where priced.id = kept.id
