-- Finds the shops whose tallies do not sum up to what is staged. No row is right.
--
-- grain:  one row per shop and subject that does not foot
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 subjects text[]
-- reads:  diff.tally, staging.etsy_order, staging.etsy_product, staging.etsy_customer, staging.odoo_order
-- writes: nothing
with staged as (
    select 'orders' as subject, asked.shop_id, count(*) as keys, sum(asked.total) as amount
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
    group by asked.shop_id
    union all
    select 'products', wanted.shop_id, count(*), 0
    from staging.etsy_product as wanted
    where wanted.shop_id = any($2)
    group by wanted.shop_id
    union all
    select 'customers', wanted.shop_id, count(*), 0
    from staging.etsy_customer as wanted
    where wanted.shop_id = any($2)
    group by wanted.shop_id
),
-- orders that only Odoo has are keys of the tally as well
odoo_only as (
    select there.shop_id, count(*) as keys
    from staging.odoo_order as there
    where there.run_id = $1
        and there.shop_id = any($2)
        and not exists (
            select
            from staging.etsy_order as asked
            where asked.shop_id = there.shop_id and asked.receipt_id = there.receipt_id
        )
    group by there.shop_id
),
expected as (
    select
        subject.subject,
        shop.shop_id,
        coalesce(staged.keys, 0)
            + case when subject.subject = 'orders' then coalesce(odoo_only.keys, 0) else 0 end as keys,
        coalesce(staged.amount, 0) as amount
    from unnest($3::text[]) as subject (subject)
    cross join unnest($2::bigint[]) as shop (shop_id)
    left join staged on staged.subject = subject.subject and staged.shop_id = shop.shop_id
    left join odoo_only on odoo_only.shop_id = shop.shop_id
),
tallied as (
    select tally.subject, tally.shop_id, sum(tally.keys) as keys, sum(tally.etsy_amount) as amount
    from diff.tally
    where tally.run_id = $1
    group by tally.subject, tally.shop_id
)
select
    expected.subject,
    expected.shop_id,
    expected.keys::bigint as staged_keys,
    coalesce(tallied.keys, 0)::bigint as tallied_keys,
    expected.amount as staged_amount,
    coalesce(tallied.amount, 0) as tallied_amount
from expected
left join tallied on tallied.subject = expected.subject and tallied.shop_id = expected.shop_id
where expected.keys <> coalesce(tallied.keys, 0) or expected.amount <> coalesce(tallied.amount, 0)
order by expected.subject, expected.shop_id
