-- Lists the pages of some shops that are not staged yet, whichever run fetched them, oldest first. Pages up to $3 are
-- being staged while the next are read.
--
-- grain:  one row per page
-- params: $1 shop_ids bigint[], $2 limit bigint, $3 after_page_id bigint
-- reads:  snapshot.etsy_page, staging.progress
-- writes: nothing
select
    etsy_page.page_id,
    etsy_page.shop_id,
    etsy_page.stream,
    etsy_page.fetched_at,
    etsy_page.body
from snapshot.etsy_page
left join staging.progress on progress.shop_id = etsy_page.shop_id
where etsy_page.shop_id = any($1)
    and etsy_page.page_id > coalesce(progress.last_page_id, 0)
    -- both are known before the scan begins, so that it begins behind them
    and etsy_page.page_id > $3
    and etsy_page.page_id > (
        select min(coalesce(reached.last_page_id, 0))
        from unnest($1::bigint[]) as asked (shop_id)
        left join staging.progress as reached on reached.shop_id = asked.shop_id
    )
order by etsy_page.page_id
limit $2
