-- Announces the attempts that travel in one call; they share a batch, named after the first of them.
--
-- grain:  one row per attempt
-- params: $1 run_id bigint (the plan), $2 applied_by bigint, $3 decision_nos integer[], $4 now timestamptz
-- reads:  nothing
-- writes: journal.attempt
with batch as (
    select nextval(pg_get_serial_sequence('journal.attempt', 'attempt_id')) as batch
),
announced as (
    insert into journal.attempt (run_id, decision_no, applied_by, batch, attempted_at)
    select $1, chosen.decision_no, $2, batch.batch, $4
    from unnest($3::integer[]) with ordinality as chosen (decision_no, position)
    cross join batch
    order by chosen.position
    returning attempt_id, decision_no
)
select announced.attempt_id
from announced
join unnest($3::integer[]) with ordinality as chosen (decision_no, position)
    on chosen.decision_no = announced.decision_no
order by chosen.position
