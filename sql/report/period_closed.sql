-- Lists the closed months of shops that began on or before a day.
--
-- grain:  one row per closed month and shop
-- params: $1 shop_ids bigint[], $2 to date
-- reads:  journal.closed_month
-- writes: nothing
select closed_month.close_id, closed_month.shop_id, closed_month.month, closed_month.closed_at
from journal.closed_month
where closed_month.shop_id = any($1) and closed_month.month <= $2
order by closed_month.month, closed_month.shop_id
