-- Resolves rejects whose page reads well now.
--
-- grain:  one row per reject
-- params: $1 run_id bigint, $2 reject_ids bigint[]
-- reads:  nothing
-- writes: staging.reject
update staging.reject
set resolved_in_run = $1
where reject.reject_id = any($2) and reject.resolved_in_run is null
