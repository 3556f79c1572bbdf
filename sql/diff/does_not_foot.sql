-- Finds the first shop whose tallies do not sum up to what is staged. No row is right.
--
-- grain:  one row, or none: a shop, a subject and a side that do not foot
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 subjects text[]
-- reads:  diff.tally, diff.finding, staging.etsy_order, staging.etsy_product, staging.etsy_customer,
--         staging.odoo_order, staging.stock_comparison, staging.compared_listing, staging.offering_target,
--         staging.money_entry, staging.book_entry, snapshot.odoo_entry, shop.policy
-- writes: nothing
with offered as (
    select
        comparison.shop_id,
        comparison.direction,
        coalesce(
            sum(target.known * target.price) filter (
                where compared.state = 'active' and coalesce(target.obstacle not in ('excluded', 'not_stocked'), true)
            ),
            0
        ) as shown,
        coalesce(sum(target.target * target.price) filter (where target.obstacle is null), 0) as allowed,
        count(distinct case
            when comparison.direction = 'count' and compared.state = 'active' then target.product_key
        end) as products
    from staging.stock_comparison as comparison
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id
    join staging.offering_target as target
        on target.shop_id = compared.shop_id and target.listing_id = compared.listing_id
    where comparison.run_id = $1 and comparison.shop_id = any($2) and 'inventory' = any($3)
    group by comparison.shop_id, comparison.direction
),
etsy_side as (
    select 'orders' as subject, asked.shop_id, count(*) as keys, sum(asked.total) as amount
    from staging.etsy_order as asked
    where asked.shop_id = any($2) and 'orders' = any($3)
    group by asked.shop_id
    union all
    select 'products', wanted.shop_id, count(*), 0
    from staging.etsy_product as wanted
    where wanted.shop_id = any($2) and 'products' = any($3)
    group by wanted.shop_id
    union all
    select 'customers', wanted.shop_id, count(*), 0
    from staging.etsy_customer as wanted
    where wanted.shop_id = any($2) and 'customers' = any($3)
    group by wanted.shop_id
    union all
    -- what Etsy sent has been seen to be what is classed
    select 'ledger', entry.shop_id, count(*), coalesce(sum(entry.amount), 0)
    from staging.money_entry as entry
    where entry.shop_id = any($2) and 'ledger' = any($3)
    group by entry.shop_id
    union all
    select 'books', entry.shop_id, count(*), coalesce(sum(entry.total), 0)
    from staging.book_entry as entry
    join shop.policy on policy.shop_id = entry.shop_id and policy.books = 'draft'
    where entry.run_id = $1
        and entry.shop_id = any($2)
        and 'books' = any($3)
        and (
            entry.standing <> 'before_start'
            or entry.entry_key in (
                select there.external_id
                from snapshot.odoo_entry as there
                where there.run_id = $1
            )
        )
    group by entry.shop_id
    union all
    -- a listing counts whether or not it offers anything
    select
        'inventory',
        comparison.shop_id,
        (
            select count(*)
            from staging.compared_listing as compared
            where compared.run_id = $1 and compared.shop_id = comparison.shop_id
        ),
        (select coalesce(sum(offered.shown), 0) from offered where offered.shop_id = comparison.shop_id)
    from staging.stock_comparison as comparison
    where comparison.run_id = $1
        and comparison.shop_id = any($2)
        and comparison.direction = 'push'
        and 'inventory' = any($3)
    union all
    select 'inventory', offered.shop_id, offered.products, 0
    from offered
    where offered.direction = 'count'
),
-- only the money of orders and quantities can be counted on Odoo's side: its products and customers are of no shop; the
-- payment account has its classed entries in Odoo's place
odoo_side as (
    select 'orders' as subject, there.shop_id, sum(there.total) as amount, sum(there.odoo_tax_added) as tax
    from staging.odoo_order as there
    where there.run_id = $1 and there.shop_id = any($2) and 'orders' = any($3)
    group by there.shop_id
    union all
    select 'ledger', entry.shop_id, sum(entry.amount), 0
    from staging.money_entry as entry
    where entry.shop_id = any($2) and 'ledger' = any($3)
    group by entry.shop_id
    union all
    select 'books', policy.shop_id, sum(there.debit), 0
    from snapshot.odoo_entry as there
    join shop.policy
        on there.shop_id = policy.shop_id
        and policy.shop_id = any($2)
        and policy.books = 'draft'
    where there.run_id = $1 and 'books' = any($3)
    group by policy.shop_id
    union all
    select 'inventory', offered.shop_id, offered.allowed, 0
    from offered
    where offered.direction = 'push'
),
-- orders and entries that only Odoo has are keys of the tally as well, and each of them is a finding
odoo_only as (
    select finding.subject, finding.shop_id, count(*) as keys
    from diff.finding
    where finding.run_id = $1 and finding.subject in ('orders', 'books') and finding.etsy_amount is null
    group by finding.subject, finding.shop_id
),
tallied as (
    select tally.subject, tally.shop_id, sum(tally.keys) as keys, sum(tally.etsy_amount) as etsy_amount,
        sum(tally.odoo_amount) as odoo_amount, sum(tally.odoo_tax_added) as odoo_tax
    from diff.tally
    where tally.run_id = $1
    group by tally.subject, tally.shop_id
),
compared as (
    select
        subject.subject,
        shop.shop_id,
        coalesce(etsy_side.keys, 0) + coalesce(odoo_only.keys, 0) as staged_keys,
        coalesce(tallied.keys, 0) as tallied_keys,
        coalesce(etsy_side.amount, 0) as staged_on_etsy,
        coalesce(tallied.etsy_amount, 0) as tallied_on_etsy,
        coalesce(odoo_side.amount, 0) as staged_in_odoo,
        coalesce(tallied.odoo_amount, 0) as tallied_in_odoo,
        coalesce(odoo_side.tax, 0) as staged_tax,
        coalesce(tallied.odoo_tax, 0) as tallied_tax
    from unnest($3::text[]) as subject (subject)
    cross join unnest($2::bigint[]) as shop (shop_id)
    left join etsy_side on etsy_side.subject = subject.subject and etsy_side.shop_id = shop.shop_id
    left join odoo_side on odoo_side.subject = subject.subject and odoo_side.shop_id = shop.shop_id
    left join odoo_only on odoo_only.subject = subject.subject and odoo_only.shop_id = shop.shop_id
    left join tallied on tallied.subject = subject.subject and tallied.shop_id = shop.shop_id
)
select
    compared.subject,
    compared.shop_id,
    compared.staged_keys::bigint as staged_keys,
    compared.tallied_keys::bigint as tallied_keys,
    side.staged_amount,
    side.tallied_amount
from compared
cross join lateral (
    values
        ('etsy', compared.staged_on_etsy, compared.tallied_on_etsy),
        ('odoo', compared.staged_in_odoo, compared.tallied_in_odoo),
        ('tax', compared.staged_tax, compared.tallied_tax)
) as side (name, staged_amount, tallied_amount)
where side.staged_amount <> side.tallied_amount
    or (side.name = 'etsy' and compared.staged_keys <> compared.tallied_keys)
order by compared.subject, compared.shop_id, side.name
limit 1
