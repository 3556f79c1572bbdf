-- Lists the windows whose proof failed, the first few of them; `total` counts them all.
--
-- grain:  one row per unproven window
-- params: $1 run_id bigint, $2 limit bigint
-- reads:  snapshot.etsy_window
-- writes: nothing
select
    etsy_window.shop_id,
    etsy_window.stream,
    etsy_window.window_from,
    etsy_window.window_until,
    etsy_window.said_count::bigint as said,
    etsy_window.landed_count::bigint as landed,
    count(*) over () as total
from snapshot.etsy_window
where etsy_window.run_id = $1 and not etsy_window.proven
order by etsy_window.shop_id, etsy_window.stream, etsy_window.window_from
limit $2
