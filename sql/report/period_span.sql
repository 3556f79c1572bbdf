-- Finds the first and the last day (UTC) on which shops sold something or their payment accounts moved.
--
-- grain:  one row; both days are null where there is nothing
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.receipt_money, staging.money_entry
-- writes: nothing
with moment as (
    select min(money.received_at) as first_at, max(money.received_at) as last_at
    from staging.receipt_money as money
    where money.run_id = $1 and money.shop_id = any($2)
    union all
    select min(entry.entered_at), max(entry.entered_at)
    from staging.money_entry as entry
    where entry.shop_id = any($2)
)
select
    (min(moment.first_at) at time zone 'UTC')::date as first_day,
    (max(moment.last_at) at time zone 'UTC')::date as last_day
from moment
