-- Lists the runs that applied the plan of a run, in order.
--
-- grain:  one row per `apply`
-- params: $1 run_id bigint (the plan)
-- reads:  journal.run, journal.run_end
-- writes: nothing
select
    run.run_id,
    run.large_plan_allowed,
    run.started_at,
    run_end.exit_code,
    run_end.message,
    run_end.ended_at
from journal.run
left join journal.run_end on run_end.run_id = run.run_id
where run.plan_run_id = $1
order by run.run_id
