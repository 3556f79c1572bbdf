-- Says whose quantities a run compares, in which direction, and with which warehouses: those of the shop's policy, else its
-- warehouse_id, else the first of its company.
--
-- grain:  one row per shop
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 directions text[]
-- reads:  shop.policy, snapshot.odoo_warehouse, snapshot.odoo_company
-- writes: staging.stock_comparison
with asked as (
    select asked.shop_id, asked.direction
    from unnest($2::bigint[], $3::text[]) as asked (shop_id, direction)
),
warehouse as (
    select warehouse.id, warehouse.company_id, warehouse.lot_stock_id
    from snapshot.odoo_warehouse as warehouse
    where warehouse.run_id = $1 and coalesce(warehouse.active, true)
),
home as (
    select min(company.id) as company_id
    from snapshot.odoo_company as company
    where company.run_id = $1 and coalesce(company.active, true)
),
meant as (
    select
        asked.shop_id,
        asked.direction,
        policy.stock_basis,
        case
            when cardinality(policy.stock_warehouse_ids) > 0 then policy.stock_warehouse_ids
            when policy.warehouse_id is not null then array[policy.warehouse_id]
            else array(
                select min(warehouse.id)
                from warehouse
                where warehouse.company_id = coalesce(policy.company_id, home.company_id)
                having count(*) > 0
            )
        end as warehouse_ids
    from asked
    join shop.policy on policy.shop_id = asked.shop_id
    cross join home
)
insert into staging.stock_comparison
    (run_id, shop_id, direction, basis, warehouse_ids, absent_warehouse_ids, location_id)
select
    $1,
    meant.shop_id,
    meant.direction,
    meant.stock_basis,
    meant.warehouse_ids,
    array(
        select named.id
        from unnest(meant.warehouse_ids) as named (id)
        where not exists (select from warehouse where warehouse.id = named.id)
        order by named.id
    ),
    (select warehouse.lot_stock_id from warehouse where warehouse.id = meant.warehouse_ids[1])
from meant
