-- Begins a run.
--
-- grain:  one row per run
-- params: $1 command text, $2 plan_run_id bigint, $3 shop_ids bigint[], $4 subjects text[], $5 full_read boolean,
--         $6 large_plan_allowed boolean, $7 started_at timestamptz, $8 version text
-- reads:  nothing
-- writes: journal.run
insert into journal.run
    (command, plan_run_id, shop_ids, subjects, full_read, large_plan_allowed, started_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning run_id
