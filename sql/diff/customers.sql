-- Pairs every wanted buyer and address with the partner that stands for it, and says how they stand. One that Odoo does
-- not have is missing only if an order needs it that is to be booked or moved: orders that are there have their partners.
--
-- grain:  one row per shop and customer key; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_customer, staging.odoo_customer, staging.etsy_order, staging.odoo_order, shop.policy
-- writes: diff.finding, diff.tally
with paired as materialized (
    select wanted.shop_id, wanted.customer_key, there.copies, there.active, there.customer_key is not null as is_there
    from staging.etsy_customer as wanted
    left join staging.odoo_customer as there
        on there.run_id = $1 and there.customer_key = wanted.customer_key
    where wanted.shop_id = any($2)
),
needed as (
    select distinct asked.shop_id, key.customer_key
    from staging.etsy_order as asked
    join shop.policy on policy.shop_id = asked.shop_id
    left join staging.odoo_order as there
        on there.run_id = $1 and there.shop_id = asked.shop_id and there.receipt_id = asked.receipt_id
    cross join lateral (values (asked.customer_key), (asked.address_key)) as key (customer_key)
    where asked.shop_id = any($2)
        and asked.standing = 'due'
        and (
            (there.receipt_id is null and asked.ordered_at >= coalesce(policy.orders_from, '-infinity'))
            or (there.shipping_was_asked and asked.address_key <> there.shipping_key)
        )
        -- on most days nobody is missing, and then no order has to be looked at
        and exists (select from paired where not paired.is_there)
),
judged as (
    select
        paired.shop_id,
        paired.customer_key,
        case
            when paired.copies > 1 then 'duplicated_in_odoo'
            when needed.customer_key is not null then 'missing_in_odoo'
            when not paired.active then 'differs'
            else 'agrees'
        end as verdict
    from paired
    left join needed
        on not paired.is_there and needed.shop_id = paired.shop_id and needed.customer_key = paired.customer_key
),
found as (
    insert into diff.finding (run_id, subject, shop_id, key, verdict, standing, differences)
    select
        $1,
        'customers',
        judged.shop_id,
        judged.customer_key,
        judged.verdict,
        'due',
        case when judged.verdict = 'differs' then array['archived'] else '{}' end
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select $1, 'customers', judged.shop_id, judged.verdict, 'due', '', count(*), 0, 0
from judged
group by judged.shop_id, judged.verdict
