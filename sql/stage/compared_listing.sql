-- Says which listings a run compares: those that are for sale or sold out, and those that we took off sale and that nobody
-- has touched since. Where we wrote to a listing after it was read, it is as we left it.
--
-- grain:  one row per listing
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.etsy_listing, staging.etsy_inventory, snapshot.etsy_page,
--         journal.inventory_written
-- writes: staging.compared_listing
with listing as (
    select
        kept.shop_id,
        kept.listing_id,
        kept.currency,
        case when written.listing_updated_at >= kept.updated_at then written.listing_state else kept.state end as state,
        greatest(kept.updated_at, written.listing_updated_at) as updated_at,
        written.listing_state = 'inactive' and written.listing_updated_at >= kept.updated_at as is_taken_off
    from staging.stock_comparison as comparison
    join staging.etsy_listing as kept on kept.shop_id = comparison.shop_id
    left join lateral (
        select written.listing_state, written.listing_updated_at
        from journal.inventory_written as written
        where written.shop_id = kept.shop_id and written.listing_id = kept.listing_id
        order by written.written_at desc, written.attempt_id desc
        limit 1
    ) as written on true
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
