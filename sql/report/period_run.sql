-- Finds the last run that laid out the money of all these shops, or, where there is none, of most of them.
--
-- grain:  one row, or none
-- params: $1 shop_ids bigint[]
-- reads:  staging.receipt_money, journal.run
-- writes: nothing
select run.run_id
from journal.run
cross join lateral (
    select count(*) as shops
    from unnest($1::bigint[]) as asked (shop_id)
    where exists (
        select
        from staging.receipt_money as money
        where money.run_id = run.run_id and money.shop_id = asked.shop_id
    )
) as laid_out
where laid_out.shops > 0
order by laid_out.shops desc, run.run_id desc
limit 1
