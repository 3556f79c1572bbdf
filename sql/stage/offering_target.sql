-- Says how many of each offering may be for sale, and how that number comes about: what Odoo has in the shop's warehouses,
-- less what is sold on Etsy and not booked, by the shop's share, within its bounds. Where a sale may be on its way that no
-- receipt shows yet, its units are taken off as well.
--
-- grain:  one row per enabled offering of a compared listing
-- params: $1 run_id bigint
-- reads:  pg_temp.seen_offering, pg_temp.moved_offering, pg_temp.odd_part, staging.stock_comparison,
--         staging.odoo_stock, staging.odoo_part, staging.pending_part, shop.policy, shop.stock_rule
-- writes: staging.offering_target
with place as (
    select
        comparison.shop_id,
        there.product_id as part_id,
        cardinality(comparison.warehouse_ids) = 1 as is_only_one,
        case comparison.basis
            when 'sellable' then there.sellable
            when 'free' then there.free
            when 'on_hand' then there.on_hand
            else there.forecast
        end as available
    from staging.stock_comparison as comparison
    join staging.odoo_stock as there
        on there.run_id = $1 and there.warehouse_id = any(comparison.warehouse_ids) and not there.is_kit
    where comparison.run_id = $1
),
-- what stands in one warehouse has not to be summed
stock as not materialized (
    select place.shop_id, place.part_id, place.available
    from place
    where place.is_only_one
    union all
    select place.shop_id, place.part_id, sum(place.available)
    from place
    where not place.is_only_one
    group by place.shop_id, place.part_id
),
-- what is promised already
promised as (
    select
        comparison.shop_id,
        either.part_id,
        coalesce(sum(either.units) filter (where either.shop_id <> comparison.shop_id), 0) as elsewhere,
        coalesce(sum(either.units) filter (where either.shop_id = comparison.shop_id), 0) as here,
        coalesce(sum(either.units) filter (where either.shop_id is null), 0) as odd
    from staging.stock_comparison as comparison
    cross join (
        select pending.shop_id, pending.part_id, pending.units
        from staging.pending_part as pending
        where pending.run_id = $1
        union all
        select null, odd_part.part_id, odd_part.units
        from odd_part
    ) as either
    where comparison.run_id = $1
    group by comparison.shop_id, either.part_id
),
-- a kit has what its scarcest part allows
kit as (
    select
        comparison.shop_id,
        part.product_id,
        min(floor(coalesce(stock.available, 0) / part.per_unit)) as available,
        min(floor((coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0)) / part.per_unit)) as not_elsewhere,
        min(floor(
            (coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0) - coalesce(promised.here, 0)) / part.per_unit
        )) as not_here,
        min(floor(
            (coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0) - coalesce(promised.here, 0)
                - coalesce(promised.odd, 0)) / part.per_unit
        )) as not_odd
    from staging.stock_comparison as comparison
    join staging.odoo_part as part on part.run_id = $1
    left join stock on stock.shop_id = comparison.shop_id and stock.part_id = part.part_id
    left join promised on promised.shop_id = comparison.shop_id and promised.part_id = part.part_id
    where comparison.run_id = $1
        and part.product_id in (select seen.product_id from seen_offering as seen where seen.is_kit)
    group by comparison.shop_id, part.product_id
),
figured as (
    select
        seen.*,
        coalesce(moved.since_read, 0) as since_read,
        coalesce(moved.since_base, 0) as since_base,
        coalesce(moved.since_base_least, 0) as since_base_least,
        coalesce(moved.since_base_most, 0) as since_base_most,
        case when moved.shop_id is null then seen.base_quantity else moved.expected end as expected,
        coalesce(moved.has_moved, false) as has_moved,
        coalesce(moved.unexplained, 0) as unexplained,
        coalesce(rule.buffer, policy.stock_buffer) as buffer,
        coalesce(rule.share, policy.stock_share) as share,
        coalesce(rule.floor, policy.stock_floor) as floor,
        coalesce(rule.cap, policy.stock_cap) as cap,
        rule.made_to_order,
        rule.frozen,
        coalesce(kit.available, stock.available, 0) as available,
        coalesce(kit.available - kit.not_elsewhere, promised.elsewhere, 0) as pending_elsewhere,
        coalesce(kit.not_elsewhere - kit.not_here, promised.here, 0) as pending_here,
        coalesce(kit.not_here - kit.not_odd, promised.odd, 0) as odd,
        case
            -- Odoo has never shown any of a product that we made: nothing says that there is none
            when seen.obstacle is null
                and seen.is_made_by_us
                and seen.base_quantity is null
                and stock.part_id is null
                and rule.made_to_order is null
                and comparison.direction = 'push'
                then 'uncounted'
            else seen.obstacle
        end as own_obstacle
    from seen_offering as seen
    join staging.stock_comparison as comparison
        on comparison.run_id = $1 and comparison.shop_id = seen.shop_id
    join shop.policy on policy.shop_id = seen.shop_id
    left join shop.stock_rule as rule
        on rule.shop_id = seen.shop_id and rule.product_key = seen.product_key
    left join moved_offering as moved
        on moved.shop_id = seen.shop_id
        and moved.listing_id = seen.listing_id
        and moved.variant_key = seen.variant_key
    left join stock on stock.shop_id = seen.shop_id and stock.part_id = seen.product_id and not seen.is_kit
    left join promised on promised.shop_id = seen.shop_id and promised.part_id = seen.product_id and not seen.is_kit
    left join kit on kit.shop_id = seen.shop_id and kit.product_id = seen.product_id
),
reckoned as (
    select
        figured.*,
        greatest(figured.observed - figured.since_read, 0) as known,
        whole.odd_units,
        case when whole.units >= figured.floor then least(greatest(whole.units, 0), figured.cap)::integer else 0 end
            as settled,
        case
            when whole.units - whole.odd_units >= figured.floor
                then least(greatest(whole.units - whole.odd_units, 0), figured.cap)::integer
            else 0
        end as allowed
    from figured
    cross join lateral (
        select
            floor(figured.available - figured.pending_elsewhere) as free,
            floor(figured.available - figured.pending_elsewhere - figured.pending_here) as left_over,
            floor(figured.available - figured.pending_elsewhere - figured.pending_here - figured.odd) as sure
        offset 0
    ) as rest
    cross join lateral (
        select
            floor(figured.share * (rest.free - figured.buffer)) - rest.free + rest.left_over as units,
            (rest.left_over - rest.sure)::integer as odd_units
        -- keeps the planner from reckoning it again wherever it is used
        offset 0
    ) as whole
)
insert into staging.offering_target
    (run_id, shop_id, listing_id, variant_key, product_key, product_id, is_kit, observed, observed_at, sold_since_read,
     expected, unexplained, available, buffer, share, pending_elsewhere, pending_here, floor, cap, made_to_order,
     own_target, target, moved, obstacle, quantity_group, price, known, base_quantity, base_target, agreed_at,
     odd_quantity, odd_since, sold_since_base, sold_since_base_least, sold_since_base_most, unexplained_units,
     settled_target, frozen)
select
    $1,
    reckoned.shop_id,
    reckoned.listing_id,
    reckoned.variant_key,
    reckoned.product_key,
    reckoned.product_id,
    reckoned.is_kit,
    reckoned.observed,
    reckoned.observed_at,
    reckoned.since_read,
    reckoned.expected,
    reckoned.unexplained,
    reckoned.available,
    reckoned.buffer,
    reckoned.share,
    reckoned.pending_elsewhere,
    reckoned.pending_here,
    reckoned.floor,
    reckoned.cap,
    reckoned.made_to_order,
    coalesce(reckoned.made_to_order, reckoned.allowed),
    case when reckoned.own_obstacle is null then coalesce(reckoned.made_to_order, reckoned.allowed) else reckoned.known end,
    -- until the group is looked at
    case when reckoned.base_quantity is null then 'unknown' when reckoned.has_moved then 'etsy' else 'nobody' end,
    reckoned.own_obstacle,
    reckoned.quantity_group,
    reckoned.price,
    reckoned.known,
    reckoned.base_quantity,
    reckoned.base_target,
    reckoned.agreed_at,
    reckoned.odd_quantity,
    reckoned.odd_since,
    reckoned.since_base,
    reckoned.since_base_least,
    reckoned.since_base_most,
    reckoned.odd_units,
    coalesce(reckoned.made_to_order, reckoned.settled),
    reckoned.frozen
from reckoned
