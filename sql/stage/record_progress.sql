-- Records up to which page each shop is staged, in the transaction that staged it.
--
-- grain:  one row per shop
-- params: $1 shop_ids bigint[], $2 last_page_ids bigint[]
-- reads:  nothing
-- writes: staging.progress
insert into staging.progress (shop_id, last_page_id)
select reached.shop_id, max(reached.last_page_id)
from unnest($1::bigint[], $2::bigint[]) as reached (shop_id, last_page_id)
group by reached.shop_id
on conflict (shop_id) do update
set last_page_id = greatest(progress.last_page_id, excluded.last_page_id)
