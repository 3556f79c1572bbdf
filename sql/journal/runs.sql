-- Lists runs, newest first: one of them, or the last few.
--
-- grain:  one row per run
-- params: $1 run_id bigint or null, $2 limit bigint
-- reads:  journal.run, journal.run_end
-- writes: nothing
select
    run.run_id,
    run.command,
    run.plan_run_id,
    run.shop_ids,
    run.started_at,
    run_end.exit_code,
    run_end.message,
    run_end.ended_at
from journal.run
left join journal.run_end on run_end.run_id = run.run_id
where $1::bigint is null or run.run_id = $1
order by run.run_id desc
limit $2
