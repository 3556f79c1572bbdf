-- Gives what staging a run came to, beside the rejects that were open when it had run.
--
-- grain:  one row per shop and entity
-- params: $1 run_id bigint
-- reads:  staging.count, staging.reject
-- writes: nothing
with listed as (
    -- resolved by a later run still counts as open: this run did not know better
    select reject.shop_id, reject.entity, count(*) as rejects
    from staging.reject
    where reject.run_id <= $1 and (reject.resolved_in_run is null or reject.resolved_in_run >= $1)
    group by reject.shop_id, reject.entity
)
select
    count.shop_id,
    count.entity,
    count.fetched,
    count.staged,
    count.rejected,
    count.repeated,
    coalesce(listed.rejects, 0) as listed_rejects
from staging.count
left join listed on listed.shop_id = count.shop_id and listed.entity = count.entity
where count.run_id = $1
order by count.shop_id, count.entity
