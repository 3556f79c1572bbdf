-- Says how many of each offering may be for sale, and how that number comes about: what Odoo has in the shop's warehouses,
-- less what is sold on Etsy and not booked, by the shop's share, within its bounds. Where a sale may be on its way that no
-- receipt shows yet, its units are taken off as well.
--
-- grain:  one row per enabled offering of a compared listing
-- params: $1 run_id bigint
-- reads:  pg_temp.moved_offering, pg_temp.promised_part, pg_temp.kit_stock, staging.stock_comparison,
--         staging.compared_listing, staging.etsy_offering, staging.offering_base, staging.odoo_product,
--         staging.odoo_part, staging.odoo_stock, shop.policy, shop.stock_rule
-- writes: staging.offering_target
-- what stands in one warehouse has not to be summed
with several as (
    select
        comparison.shop_id,
        there.product_id as part_id,
        sum(case comparison.basis
            when 'sellable' then there.sellable
            when 'free' then there.free
            when 'on_hand' then there.on_hand
            else there.forecast
        end) as available
    from staging.stock_comparison as comparison
    join staging.odoo_stock as there
        on there.run_id = $1 and there.warehouse_id = any(comparison.warehouse_ids) and not there.is_kit
    where comparison.run_id = $1 and cardinality(comparison.warehouse_ids) > 1
    group by comparison.shop_id, there.product_id
),
stocked as (
    select part.product_id
    from staging.odoo_part as part
    where part.run_id = $1 and part.part_id = part.product_id
),
figured as (
    select
        offering.shop_id,
        offering.listing_id,
        offering.variant_key,
        offering.product_key,
        offering.quantity_group,
        offering.price,
        -- what we wrote to after it was read shows what was read back then
        case when base.agreed_at >= compared.read_at then base.quantity else offering.quantity end as observed,
        greatest(compared.read_at, base.agreed_at) as observed_at,
        base.quantity as base_quantity,
        base.target as base_target,
        base.agreed_at,
        base.odd_quantity,
        base.odd_since,
        case when product.copies = 1 then product.product_id end as product_id,
        kit.product_id is not null as is_kit,
        coalesce(moved.since_read, 0) as since_read,
        coalesce(moved.since_base, 0) as since_base,
        coalesce(moved.since_base_least, 0) as since_base_least,
        coalesce(moved.since_base_most, 0) as since_base_most,
        case when moved.shop_id is null then base.quantity else moved.expected end as expected,
        coalesce(moved.has_moved, false) as has_moved,
        coalesce(moved.unexplained, 0) as unexplained,
        coalesce(rule.buffer, policy.stock_buffer) as buffer,
        coalesce(rule.share, policy.stock_share) as share,
        coalesce(rule.floor, policy.stock_floor) as floor,
        coalesce(rule.cap, policy.stock_cap) as cap,
        rule.made_to_order,
        rule.frozen,
        promised.part_id is not null or kit.product_id is not null as is_promised,
        coalesce(
            kit.available,
            case comparison.basis
                when 'sellable' then one.sellable
                when 'free' then one.free
                when 'on_hand' then one.on_hand
                else one.forecast
            end,
            several.available,
            0
        ) as available,
        coalesce(kit.available - kit.not_elsewhere, promised.elsewhere, 0) as pending_elsewhere,
        coalesce(kit.not_elsewhere - kit.not_here, promised.here, 0) as pending_here,
        coalesce(kit.not_here - kit.not_odd, promised.odd, 0) as odd,
        case
            when rule.is_excluded then 'excluded'
            when rule.made_to_order is not null then null
            when product.product_id is null then 'unlinked'
            when product.copies > 1 then 'ambiguous'
            when not product.active then 'archived'
            when stocked.product_id is null and kit.product_id is null then 'not_stocked'
            -- Odoo has never shown any of a product that we made: nothing says that there is none
            when product.matched_by = 'external_id'
                and base.quantity is null
                and one.product_id is null
                and several.part_id is null
                and kit.product_id is null
                and comparison.direction = 'push'
                then 'uncounted'
        end as own_obstacle
    from staging.stock_comparison as comparison
    join shop.policy on policy.shop_id = comparison.shop_id
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id
    join staging.etsy_offering as offering
        on offering.shop_id = compared.shop_id and offering.listing_id = compared.listing_id and offering.is_enabled
    left join staging.offering_base as base
        on base.shop_id = offering.shop_id
        and base.listing_id = offering.listing_id
        and base.variant_key = offering.variant_key
    left join moved_offering as moved
        on moved.shop_id = offering.shop_id
        and moved.listing_id = offering.listing_id
        and moved.variant_key = offering.variant_key
    left join shop.stock_rule as rule
        on rule.shop_id = offering.shop_id and rule.product_key = offering.product_key
    left join staging.odoo_product as product
        on product.run_id = $1 and product.product_key = offering.product_key
    left join stocked on stocked.product_id = product.product_id
    left join staging.odoo_stock as one
        on one.run_id = $1
        and one.product_id = product.product_id
        and product.copies = 1
        and one.warehouse_id = comparison.warehouse_ids[1]
        and cardinality(comparison.warehouse_ids) = 1
        and not one.is_kit
    left join several
        on several.shop_id = offering.shop_id and several.part_id = product.product_id and product.copies = 1
    left join promised_part as promised
        on promised.shop_id = offering.shop_id and promised.part_id = product.product_id and product.copies = 1
    left join kit_stock as kit
        on kit.shop_id = offering.shop_id and kit.product_id = product.product_id and product.copies = 1
    where comparison.run_id = $1
),
limited as (
    select
        figured.*,
        greatest(figured.observed - figured.since_read, 0) as known,
        whole.odd_units::integer as odd_units,
        case when whole.units >= figured.floor then least(greatest(whole.units, 0), figured.cap)::integer else 0 end
            as settled,
        case
            when whole.units - whole.odd_units >= figured.floor
                then least(greatest(whole.units - whole.odd_units, 0), figured.cap)::integer
            else 0
        end as allowed
    from figured
    -- `offset 0` keeps the planner from reckoning it again wherever it is used
    cross join lateral (
        select
            floor(figured.available - figured.pending_elsewhere)::bigint as free,
            case
                when figured.is_promised
                    then floor(figured.available - figured.pending_elsewhere - figured.pending_here)::bigint
            end as left_over,
            case
                when figured.is_promised
                    then floor(
                        figured.available - figured.pending_elsewhere - figured.pending_here - figured.odd
                    )::bigint
            end as sure
        offset 0
    ) as rest
    cross join lateral (
        select
            case
                when figured.share = 1 and figured.buffer = 0 then rest.free
                else floor(figured.share * (rest.free - figured.buffer))::bigint
            end - coalesce(rest.free - rest.left_over, 0) as units,
            coalesce(rest.left_over - rest.sure, 0) as odd_units
        offset 0
    ) as whole
),
reckoned as (
    select
        limited.*,
        limited.own_obstacle is not null
            or coalesce(
                coalesce(limited.made_to_order, limited.settled)
                    between greatest(limited.base_target - limited.since_base_most, 0)
                    and greatest(limited.base_target - limited.since_base_least, 0),
                true
            ) as is_as_agreed
    from limited
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
    -- a sale takes one from both sides: it is nobody's move
    case
        when reckoned.base_quantity is null then 'unknown'
        when not reckoned.is_as_agreed and reckoned.has_moved then 'both'
        when not reckoned.is_as_agreed then 'odoo'
        when reckoned.has_moved then 'etsy'
        else 'nobody'
    end,
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
