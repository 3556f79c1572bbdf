-- Lists the closed months, the newest first.
--
-- grain:  one row per close
-- params: none
-- reads:  journal.closed_month, journal.period_close
-- writes: nothing
select
    close.close_id,
    close.month,
    close.run_id,
    close.evidence,
    min(closed.closed_at) as closed_at,
    array_agg(closed.shop_id order by closed.shop_id) as shop_ids
from journal.closed_month as closed
join journal.period_close as close on close.close_id = closed.close_id
group by close.close_id, close.month, close.run_id, close.evidence
order by close.month desc, close.close_id desc
