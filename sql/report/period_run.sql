-- Finds the last run that laid out the money of shops.
--
-- grain:  one row, or none
-- params: $1 shop_ids bigint[]
-- reads:  staging.receipt_money, journal.run
-- writes: nothing
select run.run_id
from journal.run
where exists (
    select
    from staging.receipt_money as money
    where money.run_id = run.run_id and money.shop_id = any($1)
)
order by run.run_id desc
limit 1
