-- Says which listings a run compares: those that are for sale or sold out, and those that we took off sale and that nobody
-- has touched since. Where we wrote to a listing after it was read, it is as we left it. A listing that is off sale since the
-- moments of an attempt of ours of which nobody knows how it ended is taken for ours: a seller who does the same in these
-- moments is rarer than a process that is killed.
--
-- grain:  one row per listing
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.etsy_listing, staging.etsy_inventory, snapshot.etsy_page,
--         journal.inventory_written, journal.decision, journal.attempt, journal.outcome
-- writes: staging.compared_listing
with unsettled as (
    select kept.shop_id, kept.listing_id, max(attempt.attempted_at) as attempted_at
    from staging.stock_comparison as comparison
    join staging.etsy_listing as kept on kept.shop_id = comparison.shop_id and kept.state = 'inactive'
    join journal.decision as decision
        on decision.shop_id = kept.shop_id
        and decision.key = kept.listing_id::text
        and decision.action in ('deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing')
    join journal.attempt as attempt
        on attempt.run_id = decision.run_id and attempt.decision_no = decision.decision_no
    left join journal.outcome as outcome on outcome.attempt_id = attempt.attempt_id
    where comparison.run_id = $1 and (outcome.outcome is null or outcome.outcome = 'unknown')
    group by kept.shop_id, kept.listing_id
),
listing as (
    select
        kept.shop_id,
        kept.listing_id,
        kept.currency,
        case when written.listing_updated_at >= kept.updated_at then written.listing_state else kept.state end as state,
        greatest(kept.updated_at, written.listing_updated_at) as updated_at,
        (written.listing_state = 'inactive' and written.listing_updated_at >= kept.updated_at)
            or (
                kept.state = 'inactive'
                and unsettled.attempted_at >= coalesce(written.written_at, '-infinity')
                and kept.updated_at between unsettled.attempted_at - interval '5 minutes'
                    and unsettled.attempted_at + interval '15 minutes'
            ) as is_taken_off
    from staging.stock_comparison as comparison
    join staging.etsy_listing as kept on kept.shop_id = comparison.shop_id
    left join lateral (
        select written.listing_state, written.listing_updated_at, written.written_at
        from journal.inventory_written as written
        where written.shop_id = kept.shop_id and written.listing_id = kept.listing_id
        order by written.written_at desc, written.attempt_id desc
        limit 1
    ) as written on true
    left join unsettled
        on unsettled.shop_id = kept.shop_id and unsettled.listing_id = kept.listing_id
    where comparison.run_id = $1
)
insert into staging.compared_listing
    (run_id, shop_id, listing_id, state, updated_at, currency, read_at, has_fault)
select
    $1,
    listing.shop_id,
    listing.listing_id,
    listing.state,
    listing.updated_at,
    listing.currency,
    coalesce(page.seen_again_at, page.fetched_at),
    inventory.fault is not null
from listing
left join staging.etsy_inventory as inventory
    on inventory.shop_id = listing.shop_id and inventory.listing_id = listing.listing_id
left join snapshot.etsy_page as page on page.page_id = inventory.page_id
where listing.state in ('active', 'sold_out') or listing.is_taken_off
