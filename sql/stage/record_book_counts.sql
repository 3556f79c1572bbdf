-- Records how many entries for the books are compared, for the reports of this run: the rows of a run are not kept for ever.
--
-- grain:  one row per shop
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.book_entry, snapshot.odoo_entry, shop.policy, journal.run
-- writes: staging.count
with held as (
    select entry.shop_id, entry.entry_key
    from staging.book_entry as entry
    join shop.policy on policy.shop_id = entry.shop_id and policy.books = 'draft'
    where entry.run_id = $1 and entry.shop_id = any($2) and entry.standing <> 'before_start'
    union
    select policy.shop_id, there.external_id
    from shop.policy
    join snapshot.odoo_entry as there
        on there.run_id = $1 and there.shop_id = policy.shop_id
    where policy.shop_id = any($2) and policy.books = 'draft'
)
insert into staging.count (run_id, shop_id, entity, fetched, staged, rejected, repeated)
select $1, held.shop_id, 'books', count(*), count(*), 0, 0
from held
join journal.run on run.run_id = $1 and 'books' = any(run.subjects)
group by held.shop_id
on conflict (run_id, shop_id, entity) do update
set fetched = excluded.fetched, staged = excluded.staged
