-- Pairs every staged receipt with the sale order that books it, and says how they stand.
--
-- grain:  one row per receipt_id found on either side; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.odoo_order, shop.policy
-- writes: diff.finding, diff.tally
with etsy_side as (
    select asked.shop_id, asked.receipt_id, asked.standing, asked.ordered_at, asked.currency, asked.total,
        asked.line_count, asked.units, asked.address_key
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
),
odoo_side as (
    select there.shop_id, there.receipt_id, there.copies, there.state, there.ordered_at, there.currency, there.total,
        there.odoo_tax_added, there.line_count, there.units, there.shipping_key,
        there.state = 'sale'
            or (
                there.state in ('draft', 'sent')
                and there.shop_id = any(array(
                    select policy.shop_id from shop.policy where policy.order_state = 'draft'
                ))
            ) as state_fits
    from staging.odoo_order as there
    where there.run_id = $1 and there.shop_id = any($2)
),
-- what agrees has no matter; `offset 0` keeps the planner from working the case out again wherever it is used
paired as (
    select
        coalesce(etsy_side.shop_id, odoo_side.shop_id) as shop_id,
        coalesce(etsy_side.receipt_id, odoo_side.receipt_id) as receipt_id,
        coalesce(etsy_side.standing, 'due') as standing,
        coalesce(etsy_side.currency, odoo_side.currency) as currency,
        etsy_side.currency as etsy_currency,
        odoo_side.currency as odoo_currency,
        etsy_side.total as etsy_total,
        odoo_side.total as odoo_total,
        odoo_side.odoo_tax_added,
        etsy_side.line_count as etsy_lines,
        odoo_side.line_count as odoo_lines,
        etsy_side.units as etsy_units,
        odoo_side.units as odoo_units,
        etsy_side.ordered_at as etsy_ordered_at,
        odoo_side.ordered_at as odoo_ordered_at,
        etsy_side.address_key,
        odoo_side.shipping_key,
        odoo_side.state_fits,
        case
            when odoo_side.copies > 1 then 'duplicated_in_odoo'
            when etsy_side.receipt_id is null then 'missing_in_etsy'
            when odoo_side.receipt_id is null and etsy_side.standing <> 'due' then null
            when odoo_side.receipt_id is null then 'missing_in_odoo'
            when etsy_side.standing = 'cancelled' and odoo_side.state = 'cancel' then null
            when etsy_side.standing = 'due'
                and etsy_side.total = odoo_side.total
                and etsy_side.currency = odoo_side.currency
                and etsy_side.line_count = odoo_side.line_count
                -- what a person booked names no transactions, and its units cannot be told
                and (etsy_side.units = odoo_side.units or odoo_side.units is null)
                and etsy_side.ordered_at = odoo_side.ordered_at
                and odoo_side.state_fits
                -- Etsy withholds addresses, and people choose others: neither asks for a change
                and (etsy_side.address_key = odoo_side.shipping_key) is not false
                then null
            else 'differs'
        end as matter
    from etsy_side
    full join odoo_side
        on odoo_side.shop_id = etsy_side.shop_id and odoo_side.receipt_id = etsy_side.receipt_id
    offset 0
),
-- Both results read this. What agrees collapses here into a few rows, and every other receipt is a group of its own:
-- keeping a row per receipt for two readers would cost more than the join.
gathered as materialized (
    select
        paired.shop_id,
        paired.standing,
        paired.currency,
        case when paired.matter is not null then paired.receipt_id end as receipt_id,
        max(paired.matter) as matter,
        max(case when paired.matter = 'differs' then array_remove(array[
            case
                when paired.standing <> 'due' then 'standing'
                when not paired.state_fits then 'state'
            end,
            case when paired.etsy_currency <> paired.odoo_currency then 'currency' end,
            case when paired.etsy_total <> paired.odoo_total then 'total' end,
            case when paired.etsy_lines <> paired.odoo_lines then 'lines' end,
            case when paired.etsy_units <> paired.odoo_units then 'units' end,
            case when paired.etsy_ordered_at <> paired.odoo_ordered_at then 'date' end,
            case when paired.address_key <> paired.shipping_key then 'address' end
        ], null) end) as differences,
        count(*) as keys,
        sum(paired.etsy_total) as etsy_amount,
        sum(paired.odoo_total) as odoo_amount,
        sum(paired.odoo_tax_added) as odoo_tax_added,
        min(paired.etsy_ordered_at) as etsy_ordered_at,
        min(case when paired.matter is not null then paired.odoo_ordered_at end) as odoo_ordered_at
    from paired
    group by 1, 2, 3, 4
),
-- below these days nothing is compared: receipts before `orders_from` are not booked, and an order older than
-- anything that Etsy showed us proves nothing
horizon as (
    select
        policy.shop_id,
        policy.orders_from,
        coalesce(policy.orders_from, min(gathered.etsy_ordered_at), 'infinity') as compared_from
    from shop.policy
    join gathered on gathered.shop_id = policy.shop_id
    group by policy.shop_id, policy.orders_from
),
judged as (
    select
        gathered.*,
        case
            when gathered.matter is null then 'agrees'
            when gathered.matter = 'missing_in_etsy' and gathered.odoo_ordered_at < horizon.compared_from
                then 'outside_window'
            when gathered.matter = 'missing_in_odoo' and gathered.etsy_ordered_at < horizon.orders_from
                then 'outside_window'
            else gathered.matter
        end as verdict
    from gathered
    join horizon on horizon.shop_id = gathered.shop_id
),
found as (
    insert into diff.finding
        (run_id, subject, shop_id, key, verdict, standing, differences, currency, etsy_amount, odoo_amount,
         odoo_tax_added)
    select
        $1,
        'orders',
        judged.shop_id,
        judged.receipt_id::text,
        judged.verdict,
        judged.standing,
        coalesce(judged.differences, '{}'),
        judged.currency,
        judged.etsy_amount,
        judged.odoo_amount,
        judged.odoo_tax_added
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally
    (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount, odoo_tax_added)
select
    $1,
    'orders',
    judged.shop_id,
    judged.verdict,
    judged.standing,
    judged.currency,
    sum(judged.keys),
    coalesce(sum(judged.etsy_amount), 0),
    coalesce(sum(judged.odoo_amount), 0),
    coalesce(sum(judged.odoo_tax_added), 0)
from judged
group by judged.shop_id, judged.verdict, judged.standing, judged.currency
