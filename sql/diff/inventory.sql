-- Pairs what Etsy offers with what Odoo allows of it, and says how they stand. Where Odoo's stock goes to Etsy, a key is a
-- listing: it is written as a whole. Where Etsy's quantities are counted in Odoo, a key is a product. What is not on sale,
-- and what the merchant has excluded, asks for nothing.
--
-- grain:  one row per shop and listing, or product key; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.stock_comparison, staging.compared_listing, staging.offering_target, staging.etsy_listing,
--         staging.etsy_offering, staging.etsy_inventory
-- writes: diff.finding, diff.tally
with listing as (
    select
        compared.shop_id,
        compared.listing_id,
        compared.state,
        kept.currency,
        comparison.direction,
        inventory.fault is not null as has_fault
    from staging.stock_comparison as comparison
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id
    join staging.etsy_listing as kept
        on kept.shop_id = compared.shop_id and kept.listing_id = compared.listing_id
    left join staging.etsy_inventory as inventory
        on inventory.shop_id = compared.shop_id and inventory.listing_id = compared.listing_id
    where comparison.run_id = $1 and comparison.shop_id = any($2)
),
offering as (
    select
        target.shop_id,
        target.listing_id,
        target.price,
        target.target,
        target.moved,
        target.unexplained,
        target.obstacle,
        target.observed_at,
        case when listing.state = 'active' then target.known else 0 end as shown
    from listing
    join staging.offering_target as target
        on target.shop_id = listing.shop_id and target.listing_id = listing.listing_id
    where listing.direction = 'push'
),
-- a bit for each thing that matters: of nearly all offerings nothing does
summed as (
    select
        offering.shop_id,
        offering.listing_id,
        bit_or(case
            when offering.obstacle is null and offering.target = offering.shown and offering.unexplained = 0 then 0
            when offering.obstacle is null then
                (offering.target < offering.shown)::integer
                + (offering.target > offering.shown)::integer * 2
                + (offering.target <> offering.shown and offering.moved = 'etsy')::integer * 4
                + (offering.target <> offering.shown and offering.moved = 'both')::integer * 8
                + (offering.unexplained > 0)::integer * 16
                + (offering.observed_at is null)::integer * 32
            when offering.shown = 0 then 0
            else case offering.obstacle
                when 'unlinked' then 64
                when 'ambiguous' then 128
                when 'archived' then 256
                when 'uncounted' then 512
                when 'group_unlinked' then 1024
                else 0
            end
        end) as matters,
        max(offering.target) as most,
        bool_and(coalesce(offering.obstacle in ('unlinked', 'ambiguous', 'excluded', 'not_stocked'), false)) as is_without_link,
        sum(case
            when offering.obstacle in ('excluded', 'not_stocked') then 0
            else offering.shown * offering.price
        end) as etsy_amount,
        sum(case when offering.obstacle is null then offering.target * offering.price else 0 end) as odoo_amount
    from offering
    group by offering.shop_id, offering.listing_id
),
judged_listing as (
    select
        listing.shop_id,
        listing.listing_id,
        listing.currency,
        listing.state,
        listing.has_fault,
        coalesce(summed.etsy_amount, 0) as etsy_amount,
        coalesce(summed.odoo_amount, 0) as odoo_amount,
        coalesce(summed.matters, 0) as matters,
        summed.most,
        summed.listing_id is null as is_empty,
        case
            when summed.listing_id is null then
                case
                    when listing.state = 'active' and not exists (
                        select
                        from staging.etsy_offering as offered
                        where offered.shop_id = listing.shop_id and offered.listing_id = listing.listing_id
                    ) then 'differs'
                    else 'agrees'
                end
            when summed.is_without_link and summed.matters & 128 > 0 then 'duplicated_in_odoo'
            when summed.is_without_link and summed.matters & 64 > 0 then 'missing_in_odoo'
            -- what may have been sold, and an unknown time, matter only beside something else
            when summed.matters & (1 + 2 + 64 + 128 + 256 + 512 + 1024) > 0 then 'differs'
            else 'agrees'
        end as verdict
    from listing
    left join summed on summed.shop_id = listing.shop_id and summed.listing_id = listing.listing_id
    where listing.direction = 'push'
    -- keeps the planner from judging again wherever it is used
    offset 0
),
counted as (
    select
        target.shop_id,
        target.product_key,
        target.obstacle,
        target.made_to_order is not null or target.known = target.target or target.known = whole.units as is_right
    from listing
    join staging.offering_target as target
        on target.shop_id = listing.shop_id and target.listing_id = listing.listing_id
    cross join lateral (
        select floor(target.share * (floor(target.available - target.pending_elsewhere) - target.buffer))
            - floor(target.available - target.pending_elsewhere)
            + floor(target.available - target.pending_elsewhere - target.pending_here) as units
    ) as whole
    where listing.direction = 'count' and listing.state = 'active'
),
judged_product as (
    select
        counted.shop_id,
        counted.product_key as key,
        case
            when bool_or(counted.obstacle = 'ambiguous') then 'duplicated_in_odoo'
            when bool_or(counted.obstacle = 'unlinked') then 'missing_in_odoo'
            when bool_or(counted.obstacle = 'archived') then 'differs'
            when bool_or(counted.obstacle is null or counted.obstacle = 'group_unlinked')
                and not bool_and(counted.is_right) then 'differs'
            else 'agrees'
        end as verdict,
        array_remove(array[
            case when bool_or(counted.obstacle = 'archived') then 'archived' end,
            case when bool_or(counted.obstacle is null or counted.obstacle = 'group_unlinked')
                and not bool_and(counted.is_right) then 'count' end
        ], null) as differences
    from counted
    group by counted.shop_id, counted.product_key
),
found_listing as (
    select
        judged_listing.shop_id,
        judged_listing.listing_id::text as key,
        judged_listing.verdict,
        judged_listing.currency,
        judged_listing.etsy_amount,
        judged_listing.odoo_amount,
        array_remove(array[
            case when judged_listing.is_empty then 'no_inventory' end,
            case when judged_listing.matters & 1 > 0 then 'lower' end,
            case when judged_listing.matters & 2 > 0 then 'raise' end,
            case when judged_listing.matters & 1 > 0 and judged_listing.most = 0 then 'zero' end,
            case when judged_listing.matters & 2 > 0 and judged_listing.state <> 'active' then judged_listing.state end,
            case when judged_listing.matters & 4 > 0 then 'edited' end,
            case when judged_listing.matters & 8 > 0 then 'conflict' end,
            case when judged_listing.matters & 16 > 0 then 'unexplained' end,
            case when judged_listing.matters & 32 > 0 then 'unread' end,
            case when judged_listing.matters & 64 > 0 then 'unlinked' end,
            case when judged_listing.matters & 128 > 0 then 'ambiguous' end,
            case when judged_listing.matters & 256 > 0 then 'archived' end,
            case when judged_listing.matters & 512 > 0 then 'uncounted' end,
            case when judged_listing.matters & 1024 > 0 then 'group_unlinked' end,
            case when judged_listing.has_fault then 'fault' end
        ], null) as differences
    from judged_listing
    where judged_listing.verdict <> 'agrees'
),
found as (
    insert into diff.finding
        (run_id, subject, shop_id, key, verdict, standing, differences, currency, etsy_amount, odoo_amount)
    select
        $1,
        'inventory',
        either.shop_id,
        either.key,
        either.verdict,
        'due',
        case when either.verdict = 'differs' then either.differences else '{}' end,
        either.currency,
        either.etsy_amount,
        either.odoo_amount
    from (
        select found_listing.shop_id, found_listing.key, found_listing.verdict, found_listing.differences,
            found_listing.currency, found_listing.etsy_amount, found_listing.odoo_amount
        from found_listing
        union all
        select judged_product.shop_id, judged_product.key, judged_product.verdict, judged_product.differences, null, 0, 0
        from judged_product
        where judged_product.verdict <> 'agrees'
    ) as either
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select
    $1,
    'inventory',
    judged_listing.shop_id,
    judged_listing.verdict,
    'due',
    judged_listing.currency,
    count(*),
    sum(judged_listing.etsy_amount),
    sum(judged_listing.odoo_amount)
from judged_listing
group by judged_listing.shop_id, judged_listing.verdict, judged_listing.currency
union all
select $1, 'inventory', judged_product.shop_id, judged_product.verdict, 'due', '', count(*), 0, 0
from judged_product
group by judged_product.shop_id, judged_product.verdict
