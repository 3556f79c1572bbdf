-- Ends a run. A run ends once: a second end is left out.
--
-- grain:  one row per run
-- params: $1 run_id bigint, $2 exit_code smallint, $3 message text, $4 ended_at timestamptz
-- reads:  nothing
-- writes: journal.run_end
insert into journal.run_end (run_id, exit_code, message, ended_at)
values ($1, $2, $3, $4)
on conflict (run_id) do nothing
