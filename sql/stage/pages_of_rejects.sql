-- Gives the pages that some open rejects stand on, and what is asked for of each.
--
-- grain:  one row per page
-- params: $1 reject_ids bigint[]
-- reads:  staging.reject, snapshot.etsy_page
-- writes: nothing
select
    etsy_page.page_id,
    etsy_page.shop_id,
    etsy_page.stream,
    etsy_page.fetched_at,
    etsy_page.body,
    array_agg(reject.reject_id order by reject.reject_id) as reject_ids,
    array_agg(reject.entity_id order by reject.reject_id) as entity_ids
from staging.reject
join snapshot.etsy_page on etsy_page.page_id = reject.page_id
where reject.reject_id = any($1) and reject.resolved_in_run is null
group by etsy_page.page_id
order by etsy_page.page_id
