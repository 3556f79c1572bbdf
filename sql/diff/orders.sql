-- Pairs every staged receipt with the sale order that books it, and says how they stand.
--
-- grain:  one row per receipt_id found on either side; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.odoo_order, shop.policy
-- writes: diff.finding, diff.tally
with etsy_side as (
    select asked.shop_id, asked.receipt_id, asked.standing, asked.ordered_at, asked.currency, asked.total,
        asked.line_count, asked.units
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
),
odoo_side as (
    select there.shop_id, there.receipt_id, there.copies, there.state, there.ordered_at, there.currency, there.total,
        there.line_count, there.units
    from staging.odoo_order as there
    where there.run_id = $1 and there.shop_id = any($2)
),
-- below these days nothing is compared: receipts before `orders_from` are not booked, and an order older than
-- anything that Etsy showed us proves nothing
oldest as (
    select asked.shop_id, min(asked.ordered_at) as ordered_at
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
    group by asked.shop_id
),
horizon as (
    select
        policy.shop_id,
        policy.order_state,
        policy.orders_from,
        coalesce(policy.orders_from, oldest.ordered_at, 'infinity') as compared_from
    from shop.policy
    left join oldest on oldest.shop_id = policy.shop_id
    where policy.shop_id = any($2)
),
paired as (
    select
        coalesce(etsy_side.shop_id, odoo_side.shop_id) as shop_id,
        coalesce(etsy_side.receipt_id, odoo_side.receipt_id) as receipt_id,
        etsy_side.receipt_id is not null as on_etsy,
        odoo_side.receipt_id is not null as in_odoo,
        coalesce(etsy_side.standing, 'due') as standing,
        coalesce(etsy_side.ordered_at, odoo_side.ordered_at) as ordered_at,
        odoo_side.copies,
        odoo_side.state,
        etsy_side.currency as etsy_currency,
        odoo_side.currency as odoo_currency,
        etsy_side.total as etsy_total,
        odoo_side.total as odoo_total,
        etsy_side.line_count as etsy_lines,
        odoo_side.line_count as odoo_lines,
        etsy_side.units as etsy_units,
        odoo_side.units as odoo_units,
        etsy_side.ordered_at as etsy_ordered_at,
        odoo_side.ordered_at as odoo_ordered_at
    from etsy_side
    full join odoo_side
        on odoo_side.shop_id = etsy_side.shop_id and odoo_side.receipt_id = etsy_side.receipt_id
),
judged as (
    select
        paired.*,
        horizon.order_state,
        case
            when paired.copies > 1 then 'duplicated_in_odoo'
            when not paired.on_etsy and paired.ordered_at < horizon.compared_from then 'outside_window'
            when not paired.on_etsy then 'missing_in_etsy'
            when not paired.in_odoo and paired.standing <> 'due' then 'agrees'
            when not paired.in_odoo and paired.ordered_at < horizon.orders_from then 'outside_window'
            when not paired.in_odoo then 'missing_in_odoo'
            when paired.standing = 'cancelled' and paired.state = 'cancel' then 'agrees'
            when paired.standing = 'due'
                and paired.etsy_total = paired.odoo_total
                and paired.etsy_currency = paired.odoo_currency
                and paired.etsy_lines = paired.odoo_lines
                and paired.etsy_units = paired.odoo_units
                and paired.etsy_ordered_at = paired.odoo_ordered_at
                and (paired.state = 'sale' or (horizon.order_state = 'draft' and paired.state in ('draft', 'sent')))
                then 'agrees'
            else 'differs'
        end as verdict
    from paired
    join horizon on horizon.shop_id = paired.shop_id
),
found as (
    insert into diff.finding
        (run_id, subject, shop_id, key, verdict, standing, differences, currency, etsy_amount, odoo_amount)
    select
        $1,
        'orders',
        judged.shop_id,
        judged.receipt_id::text,
        judged.verdict,
        judged.standing,
        case when judged.verdict = 'differs' then array_remove(array[
            case
                when judged.standing = 'due' and judged.state <> 'sale'
                    and not (judged.order_state = 'draft' and judged.state in ('draft', 'sent')) then 'state'
                when judged.standing <> 'due' then 'standing'
            end,
            case when judged.etsy_currency <> judged.odoo_currency then 'currency' end,
            case when judged.etsy_total <> judged.odoo_total then 'total' end,
            case when judged.etsy_lines <> judged.odoo_lines then 'lines' end,
            case when judged.etsy_units <> judged.odoo_units then 'units' end,
            case when judged.etsy_ordered_at <> judged.odoo_ordered_at then 'date' end
        ], null) else '{}' end,
        coalesce(judged.etsy_currency, judged.odoo_currency),
        judged.etsy_total,
        judged.odoo_total
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select
    $1,
    'orders',
    judged.shop_id,
    judged.verdict,
    judged.standing,
    coalesce(judged.etsy_currency, judged.odoo_currency),
    count(*),
    coalesce(sum(judged.etsy_total), 0),
    coalesce(sum(judged.odoo_total), 0)
from judged
group by judged.shop_id, judged.verdict, judged.standing, coalesce(judged.etsy_currency, judged.odoo_currency)
