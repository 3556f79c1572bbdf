-- Lists what could not be read and was still open when the run had staged, the first few; `total` counts them all.
--
-- grain:  one row per reject
-- params: $1 run_id bigint, $2 limit bigint
-- reads:  journal.run, staging.reject
-- writes: nothing
select
    reject.reject_id,
    reject.run_id as since_run,
    reject.shop_id,
    reject.entity,
    reject.entity_id,
    reject.field,
    reject.reason,
    count(*) over () as total
from staging.reject
join journal.run on run.run_id = $1 and reject.shop_id = any(run.shop_ids)
where reject.run_id <= $1 and (reject.resolved_in_run is null or reject.resolved_in_run > $1)
order by reject.shop_id, reject.entity, reject.reject_id
limit $2
