-- Counts the differences in money by kind and by age, those of a period and those from before it.
--
-- grain:  one row per shop, currency, kind and age
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz, $5 now timestamptz
-- reads:  diff.break
-- writes: nothing
select
    break.shop_id,
    break.currency,
    break.kind,
    case
        when break.dated_at < $3 then 'before'
        when break.dated_at >= $5::timestamptz - interval '7 days' then 'week'
        when break.dated_at >= $5::timestamptz - interval '30 days' then 'month'
        when break.dated_at >= $5::timestamptz - interval '90 days' then 'quarter'
        else 'older'
    end as age,
    count(*) as breaks,
    sum(break.amount) as amount,
    sum(abs(break.amount)) as size
from diff.break
where break.run_id = $1 and break.shop_id = any($2) and break.dated_at < $4
group by break.shop_id, break.currency, break.kind, age
order by break.shop_id, break.currency, break.kind, age
