-- Says what happened to offerings on Etsy: what was sold since they were read and since both sides last agreed, whether that
-- explains what is shown, and if not, whether a sale may be on its way or the seller changed it. Offerings of one quantity
-- group are sold from one quantity. What happened within seconds of a read can be in it or not, and of a receipt that was
-- cancelled the goods may be for sale again or not: so there is a least and a most.
--
-- grain:  one row per offering of whose group anything was sold, or that shows another quantity than both sides agreed on
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.compared_listing, staging.offering_base, staging.etsy_offering,
--         staging.etsy_order, staging.etsy_transaction, snapshot.watermark
-- writes: pg_temp.moved_offering
with horizon as (
    select comparison.shop_id, least(read.since, agreed.since) - interval '5 seconds' as since
    from staging.stock_comparison as comparison
    cross join lateral (
        select min(compared.read_at) as since
        from staging.compared_listing as compared
        where compared.run_id = $1 and compared.shop_id = comparison.shop_id
    ) as read
    cross join lateral (
        select min(base.agreed_at) as since
        from staging.offering_base as base
        where base.shop_id = comparison.shop_id
    ) as agreed
    where comparison.run_id = $1
),
sold as (
    select asked.shop_id, line.listing_id, line.variant_key, line.quantity, asked.ordered_at,
        asked.standing <> 'cancelled' as is_certain
    from horizon
    join staging.etsy_order as asked
        on asked.shop_id = horizon.shop_id and asked.ordered_at >= horizon.since
    join staging.etsy_transaction as line
        on line.shop_id = asked.shop_id and line.receipt_id = asked.receipt_id
),
-- a variation that is not offered any more was sold from a quantity that all shared, or from one that is gone with it
grouped as (
    select
        sold.*,
        coalesce(
            offered.quantity_group,
            (
                select min(other.quantity_group)
                from staging.etsy_offering as other
                where other.shop_id = sold.shop_id and other.listing_id = sold.listing_id
                having count(distinct other.quantity_group) = 1
            )
        ) as quantity_group
    from sold
    left join staging.etsy_offering as offered
        on offered.shop_id = sold.shop_id
        and offered.listing_id = sold.listing_id
        and offered.variant_key = sold.variant_key
),
touched as (
    select sold.shop_id, sold.listing_id
    from sold
    union
    select base.shop_id, base.listing_id
    from staging.stock_comparison as comparison
    join staging.offering_base as base on base.shop_id = comparison.shop_id
    join staging.etsy_offering as offering
        on offering.shop_id = base.shop_id
        and offering.listing_id = base.listing_id
        and offering.variant_key = base.variant_key
    where comparison.run_id = $1 and offering.quantity <> base.quantity
),
-- what we wrote to after it was read shows what was read back then
seen as materialized (
    select
        offering.shop_id,
        offering.listing_id,
        offering.variant_key,
        offering.product_key,
        offering.quantity_group,
        case when base.agreed_at >= compared.read_at then base.quantity else offering.quantity end as observed,
        greatest(compared.read_at, base.agreed_at) as observed_at,
        base.quantity as base_quantity,
        base.agreed_at,
        base.odd_quantity,
        base.odd_since
    from touched
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = touched.shop_id and compared.listing_id = touched.listing_id
    join staging.etsy_offering as offering
        on offering.shop_id = touched.shop_id and offering.listing_id = touched.listing_id
    left join staging.offering_base as base
        on base.shop_id = offering.shop_id
        and base.listing_id = offering.listing_id
        and base.variant_key = offering.variant_key
    where offering.is_enabled
),
timed as (
    select
        seen.shop_id,
        seen.listing_id,
        seen.variant_key,
        grouped.quantity,
        grouped.is_certain,
        grouped.ordered_at >= date_trunc('second', seen.observed_at) as is_since_read,
        grouped.ordered_at < date_trunc('second', seen.observed_at) - interval '5 seconds' as is_surely_before_read,
        grouped.ordered_at < date_trunc('second', seen.observed_at) + interval '1 second' as is_before_read,
        grouped.ordered_at >= date_trunc('second', seen.agreed_at) as is_since_base,
        grouped.ordered_at >= date_trunc('second', seen.agreed_at) + interval '1 second' as is_surely_since_base,
        grouped.ordered_at >= date_trunc('second', seen.agreed_at) - interval '5 seconds' as is_about_since_base,
        grouped.ordered_at < date_trunc('second', seen.odd_since) + interval '1 second' as is_before_odd,
        grouped.ordered_at >= date_trunc('second', seen.odd_since) - interval '5 seconds' as is_since_odd
    from grouped
    join seen
        on seen.shop_id = grouped.shop_id
        and seen.listing_id = grouped.listing_id
        and seen.quantity_group = grouped.quantity_group
),
summed as (
    select
        timed.shop_id,
        timed.listing_id,
        timed.variant_key,
        coalesce(sum(quantity) filter (where is_certain and is_since_read), 0)::integer as since_read,
        coalesce(sum(quantity) filter (where is_certain and is_since_base and not is_since_read), 0)::integer as in_base,
        coalesce(sum(quantity) filter (where is_certain and is_surely_since_base and is_surely_before_read), 0)::integer
            as in_base_least,
        coalesce(sum(quantity) filter (where is_about_since_base and is_before_read), 0)::integer as in_base_most,
        coalesce(sum(quantity) filter (where is_about_since_base and is_before_odd), 0)::integer as before_odd_most,
        coalesce(sum(quantity) filter (where is_since_odd and is_before_read), 0)::integer as since_odd_most,
        coalesce(sum(quantity) filter (where is_certain and is_since_base), 0)::integer as since_base,
        coalesce(sum(quantity) filter (where is_certain and is_surely_since_base), 0)::integer as since_base_least,
        coalesce(sum(quantity) filter (where is_about_since_base), 0)::integer as since_base_most
    from timed
    group by timed.shop_id, timed.listing_id, timed.variant_key
),
measured as (
    select
        seen.*,
        coalesce(summed.since_read, 0) as since_read,
        coalesce(summed.since_base, 0) as since_base,
        coalesce(summed.since_base_least, 0) as since_base_least,
        coalesce(summed.since_base_most, 0) as since_base_most,
        seen.base_quantity - coalesce(summed.in_base, 0) as expected,
        seen.observed - seen.base_quantity + coalesce(summed.in_base_least, 0) as surplus,
        greatest(seen.base_quantity - coalesce(summed.in_base_most, 0), 0) - seen.observed as lack,
        -- all receipts of that time are known by now, and explain nothing
        coalesce(
            case
                when seen.odd_since is null then watermark.proven_until > seen.observed_at
                else watermark.proven_until > seen.odd_since
                    and seen.odd_quantity < greatest(seen.base_quantity - coalesce(summed.before_odd_most, 0), 0)
            end,
            false
        ) as is_settled,
        coalesce(seen.odd_quantity - coalesce(summed.since_odd_most, 0) - seen.observed, 0) as lack_since_odd
    from seen
    left join summed
        on summed.shop_id = seen.shop_id
        and summed.listing_id = seen.listing_id
        and summed.variant_key = seen.variant_key
    left join snapshot.watermark
        on watermark.shop_id = seen.shop_id and watermark.stream = 'receipts'
    where summed.shop_id is not null or seen.observed <> seen.base_quantity
)
insert into moved_offering
select
    measured.shop_id,
    measured.listing_id,
    measured.variant_key,
    measured.since_read,
    measured.since_base,
    measured.since_base_least,
    measured.since_base_most,
    measured.expected,
    coalesce(measured.surplus > 0 or (measured.lack > 0 and measured.is_settled), false),
    case
        when measured.lack > 0 and measured.is_settled then greatest(measured.lack_since_odd, 0)
        when measured.lack > 0 then measured.lack
        else 0
    end,
    measured.product_key,
    measured.quantity_group
from measured
