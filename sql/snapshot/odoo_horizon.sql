-- Names the run to the COPY queries that follow and tells what this transaction can see.
--
-- grain:  one row
-- params: $1 run_id text
-- reads:  nothing
-- writes: nothing
select
    set_config('etsy_odoo.run_id', $1, true) as run_id,
    current_database()::text as database,
    pg_snapshot_xmin(pg_current_snapshot())::text as horizon
