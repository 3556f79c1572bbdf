-- Puts Odoo's orders that claim a receipt into the terms of the Etsy side. An order claims a receipt by its external id
-- or by x_etsy_receipt_id. Of several that claim the same one, the copies are counted and one stands for all; cancelled
-- copies do not count, since cancelling is how a person settles a duplicate. In shops that leave taxes to Odoo the total is
-- that of the lines as they are priced, which is what Etsy's side speaks of, and what taxes add to it stands apart. The
-- delivery address is known by our key where it is a partner that we made; one that was made for another company is the
-- same address.
--
-- grain:  one row per claimed receipt
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  snapshot.odoo_sale_order, snapshot.odoo_sale_order_line, snapshot.odoo_external_id, snapshot.odoo_currency,
--         staging.etsy_order, shop.policy
-- writes: staging.odoo_order
with external_id as (
    select external.res_id as order_id, min(substr(external.name, 9)) as receipt_text
    from snapshot.odoo_external_id as external
    where external.run_id = $1
        and external.model = 'sale.order'
        and external.name ~ '^receipt_[0-9]{1,18}$'
    group by external.res_id
),
claim as (
    select
        odoo_order.*,
        coalesce(external_id.receipt_text, odoo_order.x_etsy_receipt_id)::bigint as receipt_id,
        external_id.order_id is not null as has_external_id,
        case when odoo_order.x_etsy_shop ~ '^[0-9]{1,18}$' then odoo_order.x_etsy_shop::bigint end as claimed_shop_id
    from snapshot.odoo_sale_order as odoo_order
    left join external_id on external_id.order_id = odoo_order.id
    where odoo_order.run_id = $1
        and coalesce(external_id.receipt_text, odoo_order.x_etsy_receipt_id) ~ '^[0-9]{1,18}$'
),
line as (
    select
        odoo_line.order_id,
        (count(*) filter (where odoo_line.display_type is null))::integer as line_count,
        sum(odoo_line.product_uom_qty) filter (where odoo_line.x_etsy_transaction_id <> '') as units
    from snapshot.odoo_sale_order_line as odoo_line
    where odoo_line.run_id = $1
    group by odoo_line.order_id
),
-- merged partners answer to several keys
made as (
    select external.res_id as partner_id, min(external.name) as first_key, array_agg(external.name) as keys
    from snapshot.odoo_external_id as external
    where external.run_id = $1
        and external.model = 'res.partner'
        and (external.name like 'address\_%' or external.name like 'buyer\_%')
    group by external.res_id
),
currency as (
    select odoo_currency.id, odoo_currency.name, odoo_currency.decimal_places
    from snapshot.odoo_currency
    where odoo_currency.run_id = $1
),
placed as (
    select
        claim.*,
        coalesce(asked.shop_id, claim.claimed_shop_id) as shop_id,
        coalesce(asked.address_key, asked.customer_key) as asked_key,
        asked.earlier_keys,
        count(*) filter (where claim.state <> 'cancel') over (partition by claim.receipt_id) as live_copies,
        row_number() over (
            partition by claim.receipt_id
            order by claim.state = 'cancel', not claim.has_external_id, claim.id
        ) as place
    from claim
    left join staging.etsy_order as asked on asked.receipt_id = claim.receipt_id
),
chosen as (
    select
        placed.*,
        coalesce(currency.name, '') as currency,
        coalesce(currency.decimal_places, 2) as decimals,
        coalesce(placed.amount_total, 0) as amount
    from placed
    left join currency on currency.id = placed.currency_id
    where placed.place = 1
        and placed.shop_id = any($2)
),
as_priced as (
    select
        chosen.id as order_id,
        coalesce(sum(round(
            odoo_line.product_uom_qty * odoo_line.price_unit * (1 - coalesce(odoo_line.discount, 0) / 100),
            chosen.decimals
        )), 0) as total
    from chosen
    join shop.policy on policy.shop_id = chosen.shop_id and policy.taxes = 'by_odoo'
    left join snapshot.odoo_sale_order_line as odoo_line
        on odoo_line.run_id = $1 and odoo_line.order_id = chosen.id and odoo_line.display_type is null
    group by chosen.id
)
insert into staging.odoo_order
    (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at, currency, total, odoo_tax_added,
     line_count, units, invoice_status, delivery_status, has_external_id, shipping_id, shipping_key, shipping_was_asked)
select
    $1,
    chosen.shop_id,
    chosen.receipt_id,
    greatest(chosen.live_copies, 1)::integer,
    chosen.id,
    chosen.name,
    chosen.state,
    chosen.date_order at time zone 'UTC',
    chosen.currency,
    -- with the decimals of its currency, unless it has more: then it must be seen
    round(compared.total, greatest(chosen.decimals, min_scale(compared.total))),
    chosen.amount - as_priced.total,
    coalesce(line.line_count, 0),
    line.units,
    coalesce(chosen.invoice_status, 'no'),
    coalesce(chosen.delivery_status, 'none'),
    chosen.has_external_id,
    chosen.partner_shipping_id,
    case
        when chosen.asked_key = any(made.keys) then chosen.asked_key
        when split_part(chosen.asked_key, '_company_', 1) = split_part(made.first_key, '_company_', 1)
            then chosen.asked_key
        else made.first_key
    end,
    chosen.earlier_keys && made.keys
from chosen
left join made on made.partner_id = chosen.partner_shipping_id
left join line on line.order_id = chosen.id
left join as_priced on as_priced.order_id = chosen.id
cross join lateral (select coalesce(as_priced.total, chosen.amount) as total) as compared
