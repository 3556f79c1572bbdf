-- Lists the rejects that are open, or the one that is asked for, in any state.
--
-- grain:  one row per reject
-- params: $1 reject_id bigint or null
-- reads:  staging.reject
-- writes: nothing
select
    reject.reject_id,
    reject.run_id,
    reject.shop_id,
    reject.page_id,
    reject.entity,
    reject.entity_id,
    reject.field,
    reject.reason,
    reject.resolved_in_run
from staging.reject
where ($1::bigint is null and reject.resolved_in_run is null)
    or reject.reject_id = $1
order by reject.reject_id
