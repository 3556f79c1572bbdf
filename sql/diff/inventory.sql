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
        listing.shop_id,
        listing.listing_id,
        target.price,
        target.target,
        target.moved,
        target.unexplained,
        target.obstacle,
        target.observed_at is null as is_unread,
        case when listing.state = 'active' then target.known else 0 end as shown
    from listing
    join staging.offering_target as target
        on target.shop_id = listing.shop_id and target.listing_id = listing.listing_id
    where listing.direction = 'push'
),
summed as (
    select
        offering.shop_id,
        offering.listing_id,
        bool_or(offering.obstacle is null and offering.target < offering.shown) as is_lower,
        bool_or(offering.obstacle is null and offering.target > offering.shown) as is_higher,
        max(offering.target) = 0 as is_zero,
        bool_or(offering.obstacle is null and offering.moved = 'etsy' and offering.target <> offering.shown) as is_edited,
        bool_or(offering.obstacle is null and offering.moved = 'both' and offering.target <> offering.shown) as is_conflict,
        bool_or(offering.unexplained > 0) as is_unexplained,
        bool_or(offering.obstacle = 'unlinked' and offering.shown > 0) as is_unlinked,
        bool_or(offering.obstacle = 'ambiguous' and offering.shown > 0) as is_ambiguous,
        bool_or(offering.obstacle = 'archived' and offering.shown > 0) as is_archived,
        bool_or(offering.obstacle = 'uncounted' and offering.shown > 0) as is_uncounted,
        bool_or(offering.obstacle = 'group_unlinked' and offering.shown > 0) as is_group_unlinked,
        bool_or(offering.is_unread) as is_unread,
        bool_and(coalesce(offering.obstacle in ('unlinked', 'ambiguous', 'excluded', 'not_stocked'), false)) as is_without_link,
        coalesce(
            sum(offering.shown * offering.price)
                filter (where coalesce(offering.obstacle not in ('excluded', 'not_stocked'), true)),
            0
        ) as etsy_amount,
        coalesce(sum(offering.target * offering.price) filter (where offering.obstacle is null), 0) as odoo_amount
    from offering
    group by offering.shop_id, offering.listing_id
),
judged_listing as (
    select
        listing.shop_id,
        listing.listing_id::text as key,
        listing.currency,
        coalesce(summed.etsy_amount, 0) as etsy_amount,
        coalesce(summed.odoo_amount, 0) as odoo_amount,
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
            when summed.is_without_link and summed.is_ambiguous then 'duplicated_in_odoo'
            when summed.is_without_link and summed.is_unlinked then 'missing_in_odoo'
            when summed.is_lower or summed.is_higher or summed.is_unlinked or summed.is_ambiguous or summed.is_archived
                or summed.is_uncounted or summed.is_group_unlinked
                then 'differs'
            else 'agrees'
        end as verdict,
        array_remove(array[
            case when summed.listing_id is null then 'no_inventory' end,
            case when summed.is_lower then 'lower' end,
            case when summed.is_higher then 'raise' end,
            case when summed.is_zero and summed.is_lower then 'zero' end,
            case when summed.is_higher and listing.state <> 'active' then listing.state end,
            case when summed.is_edited then 'edited' end,
            case when summed.is_conflict then 'conflict' end,
            case when summed.is_unexplained then 'unexplained' end,
            case when summed.is_unlinked then 'unlinked' end,
            case when summed.is_ambiguous then 'ambiguous' end,
            case when summed.is_archived then 'archived' end,
            case when summed.is_uncounted then 'uncounted' end,
            case when summed.is_group_unlinked then 'group_unlinked' end,
            case when listing.has_fault then 'fault' end,
            case when summed.is_unread then 'unread' end
        ], null) as differences
    from listing
    left join summed on summed.shop_id = listing.shop_id and summed.listing_id = listing.listing_id
    where listing.direction = 'push'
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
judged as (
    select * from judged_listing
    union all
    select judged_product.shop_id, judged_product.key, '', 0, 0, judged_product.verdict, judged_product.differences
    from judged_product
),
found as (
    insert into diff.finding
        (run_id, subject, shop_id, key, verdict, standing, differences, currency, etsy_amount, odoo_amount)
    select
        $1,
        'inventory',
        judged.shop_id,
        judged.key,
        judged.verdict,
        'due',
        case when judged.verdict = 'differs' then judged.differences else '{}' end,
        nullif(judged.currency, ''),
        judged.etsy_amount,
        judged.odoo_amount
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select
    $1,
    'inventory',
    judged.shop_id,
    judged.verdict,
    'due',
    judged.currency,
    count(*),
    sum(judged.etsy_amount),
    sum(judged.odoo_amount)
from judged
group by judged.shop_id, judged.verdict, judged.currency
