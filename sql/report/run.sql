-- Finds a run or, for an `apply`, the run whose plan it applied; with its end and its read of Odoo.
--
-- grain:  one row, or none if there is no such run
-- params: $1 run_id bigint
-- reads:  journal.run, journal.run_end, snapshot.odoo_read
-- writes: nothing
select
    run.run_id,
    run.command,
    run.subjects,
    run.full_read,
    run.large_plan_allowed,
    run.started_at,
    run.version,
    run_end.exit_code,
    run_end.message,
    run_end.ended_at,
    odoo_read.taken_at as odoo_taken_at,
    odoo_read.database as odoo_database,
    odoo_read.row_count as odoo_rows
from journal.run as asked
join journal.run on run.run_id = coalesce(asked.plan_run_id, asked.run_id)
left join journal.run_end on run_end.run_id = run.run_id
left join snapshot.odoo_read on odoo_read.run_id = run.run_id
where asked.run_id = $1
