-- Counts, for the guard, the orders that Odoo has of each shop, and those that we booked before and that are gone.
--
-- grain:  one row per shop
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.odoo_order, diff.finding, journal.decision_state
-- writes: nothing
with there as (
    select odoo_order.shop_id, count(*) as orders
    from staging.odoo_order
    where odoo_order.run_id = $1
    group by odoo_order.shop_id
),
booked as (
    select distinct decision_state.shop_id, decision_state.key
    from journal.decision_state
    where decision_state.subject = 'orders'
        and decision_state.action = 'book_order'
        and decision_state.state = 'applied'
        and decision_state.shop_id = any($2)
),
vanished as (
    select finding.shop_id, count(*) as orders
    from diff.finding
    join booked on booked.shop_id = finding.shop_id and booked.key = finding.key
    where finding.run_id = $1
        and finding.subject = 'orders'
        and finding.verdict = 'missing_in_odoo'
    group by finding.shop_id
)
select
    shop.shop_id,
    coalesce(there.orders, 0) as orders_in_odoo,
    coalesce(vanished.orders, 0) as vanished_orders
from unnest($2::bigint[]) as shop (shop_id)
left join there on there.shop_id = shop.shop_id
left join vanished on vanished.shop_id = shop.shop_id
