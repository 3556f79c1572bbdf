-- Completes new sale orders: number, addresses, pricelist and the currency that only the pricelist decides.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb, $2 now timestamp, $3 uid integer
-- reads:  res_partner, product_pricelist, res_company, res_currency_rate
-- writes: nothing
with given as (
    select item.row, item.place, (item.row ->> 'partner_id')::integer as partner_id,
           coalesce((item.row ->> 'company_id')::integer, 1) as company_id,
           coalesce((item.row ->> 'date_order')::timestamp, $2) as date_order
    from jsonb_array_elements($1) with ordinality as item (row, place)
), first_pricelist as (
    select id from product_pricelist where active order by sequence, id limit 1
), priced as (
    select given.*,
           case when row ? 'pricelist_id' then (row ->> 'pricelist_id')::integer
                when partner_id is not null then coalesce(
                    (select (specific_property_product_pricelist ->> company_id::text)::integer
                     from res_partner where id = partner_id),
                    (select id from first_pricelist))
           end as pricelist_id
    from given
), paid as (
    select priced.*, coalesce(pricelist.currency_id, company.currency_id) as currency_id, rate.rate
    from priced
    join res_company as company on company.id = priced.company_id
    left join product_pricelist as pricelist on pricelist.id = priced.pricelist_id
    left join lateral (
        select rate from res_currency_rate as quoted
        where quoted.currency_id = coalesce(pricelist.currency_id, company.currency_id) and quoted.name <= priced.date_order
        order by quoted.name desc limit 1
    ) as rate on true
)
select jsonb_build_object(
           'state', 'draft', 'company_id', company_id, 'date_order', $2::timestamp, 'user_id', $3::integer, 'team_id', 1, 'warehouse_id', 1,
           'picking_policy', 'direct', 'invoice_status', 'no', 'locked', false, 'require_signature', true,
           'require_payment', false, 'prepayment_percent', 1.0, 'validity_date', ($2 + interval '30 days')::date,
           'amount_untaxed', 0, 'amount_tax', 0, 'amount_total', 0, 'pricelist_id', pricelist_id,
           -- A number is only used up by an order that brings none.
           'name', case when not row ? 'name' then 'S' || lpad(nextval('ir_sequence_sale_order')::text, 5, '0') end,
           'partner_invoice_id', coalesce(
               (select min(id) from res_partner where parent_id = partner_id and type = 'invoice' and active), partner_id),
           'partner_shipping_id', coalesce(
               (select min(id) from res_partner where parent_id = partner_id and type = 'delivery' and active), partner_id))
       || row
       || jsonb_build_object('currency_id', currency_id, 'currency_rate', coalesce(rate, 1.0)) as row
from paid
order by place
