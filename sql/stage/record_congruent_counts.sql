-- Records how many keys of each subject the two sides hold, for the reports of this run: the staged rows move on.
--
-- grain:  one row per shop and subject
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.odoo_order, staging.etsy_product, staging.etsy_customer,
--         staging.etsy_ledger_entry, journal.run
-- writes: staging.count
with held as (
    select 'orders' as entity, asked.shop_id
    from staging.etsy_order as asked
    where asked.shop_id = any($2)
    union all
    -- orders that only Odoo has are compared as well
    select 'orders', there.shop_id
    from staging.odoo_order as there
    where there.run_id = $1
        and there.shop_id = any($2)
        and not exists (
            select
            from staging.etsy_order as asked
            where asked.shop_id = there.shop_id and asked.receipt_id = there.receipt_id
        )
    union all
    select 'products', wanted.shop_id
    from staging.etsy_product as wanted
    where wanted.shop_id = any($2)
    union all
    select 'customers', wanted.shop_id
    from staging.etsy_customer as wanted
    where wanted.shop_id = any($2)
    union all
    select 'ledger', entry.shop_id
    from staging.etsy_ledger_entry as entry
    where entry.shop_id = any($2)
)
insert into staging.count (run_id, shop_id, entity, fetched, staged, rejected, repeated)
select $1, held.shop_id, held.entity, count(*), count(*), 0, 0
from held
join journal.run on run.run_id = $1 and held.entity = any(run.subjects)
group by held.shop_id, held.entity
on conflict (run_id, shop_id, entity) do update
set fetched = excluded.fetched, staged = excluded.staged
