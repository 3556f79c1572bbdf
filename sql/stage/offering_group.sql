-- Gives the offerings of one quantity group the least of the group, which Etsy wants them to have in common. A group of
-- which one cannot be set is left alone as a whole. An offering whose quantity varies by all its properties is a group of
-- its own.
--
-- grain:  one row per offering that this changes
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.offering_target
-- writes: staging.offering_target
with grouped as (
    select
        target.shop_id,
        target.listing_id,
        target.quantity_group,
        bool_or(target.obstacle is not null) as is_mixed,
        min(target.settled_target) as settled_target,
        min(target.own_target) as target
    from staging.offering_target as target
    join staging.stock_comparison as comparison
        on comparison.run_id = $1 and comparison.shop_id = target.shop_id
    where target.quantity_group <> target.variant_key
    group by target.shop_id, target.listing_id, target.quantity_group
    having bool_or(target.obstacle is null)
        and (
            bool_or(target.obstacle is not null)
            or min(target.settled_target) < max(target.settled_target)
            or min(target.own_target) < max(target.own_target)
        )
)
update staging.offering_target as target
set
    obstacle = case when grouped.is_mixed then 'group_unlinked' end,
    settled_target = case when grouped.is_mixed then target.settled_target else grouped.settled_target end,
    target = case when grouped.is_mixed then target.known else grouped.target end
from grouped
where target.shop_id = grouped.shop_id
    and target.listing_id = grouped.listing_id
    and target.quantity_group = grouped.quantity_group
    and target.obstacle is null
