-- Closes a month for shops. A shop whose month is closed already is left as it is, and counts for nothing.
--
-- grain:  one row per shop that was closed
-- params: $1 close_id bigint, $2 month date, $3 shop_ids bigint[], $4 now timestamptz
-- reads:  nothing
-- writes: journal.closed_month
insert into journal.closed_month (shop_id, month, close_id, closed_at)
select closing.shop_id, $2, $1, $4
from unnest($3::bigint[]) as closing (shop_id)
on conflict (shop_id, month) do nothing
returning shop_id
