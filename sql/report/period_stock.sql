-- Counts what was done about stock in a period: the listings whose quantities were pushed to Etsy, and how it ended.
--
-- grain:  one row per shop, day (UTC), action and outcome
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  journal.decision_state
-- writes: nothing
select
    done.shop_id,
    (done.attempted_at at time zone 'UTC')::date as day,
    done.action,
    done.state,
    count(*) as actions
from journal.decision_state as done
where done.shop_id = any($1)
    and done.subject = 'inventory'
    and done.decision = 'act'
    and done.attempted_at >= $2 and done.attempted_at < $3
group by done.shop_id, day, done.action, done.state
order by done.shop_id, day, done.action, done.state
