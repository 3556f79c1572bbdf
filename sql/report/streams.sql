-- Sums up the proof of completeness: what Etsy said its windows hold, and what landed.
--
-- grain:  one row per shop and stream
-- params: $1 run_id bigint
-- reads:  snapshot.etsy_window
-- writes: nothing
select
    etsy_window.shop_id,
    etsy_window.stream,
    count(*) as windows,
    count(*) filter (where etsy_window.proven) as proven,
    sum(etsy_window.said_count)::bigint as said,
    sum(etsy_window.landed_count)::bigint as landed,
    sum(etsy_window.broken_links)::bigint as broken_links
from snapshot.etsy_window
where etsy_window.run_id = $1
group by etsy_window.shop_id, etsy_window.stream
order by etsy_window.shop_id, etsy_window.stream
