-- Finds the company in whose books the entries of a shop are made: the one that its policy names, else the only one there is.
--
-- grain:  one row per shop whose company is known
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  shop.policy, snapshot.odoo_company, snapshot.odoo_currency
-- writes: staging.book_home
with only_one as (
    select min(company.id) as company_id
    from snapshot.odoo_company as company
    where company.run_id = $1 and company.active
    having count(*) = 1
)
insert into staging.book_home (run_id, shop_id, company_id, root_id, currency_id, rounding, locked_until)
select
    $1,
    policy.shop_id,
    company.id,
    root.id,
    root.currency_id,
    currency.rounding,
    greatest(company.locked_until, root.locked_until)
from shop.policy
left join only_one on true
join snapshot.odoo_company as company
    on company.run_id = $1 and company.id = coalesce(policy.company_id, only_one.company_id)
join snapshot.odoo_company as root
    on root.run_id = $1 and root.id = split_part(company.parent_path, '/', 1)::integer
left join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = root.currency_id
where policy.shop_id = any($2)
