-- Counts what one application of a plan did, by the last outcome of each decision that it attempted.
--
-- grain:  one row per action and outcome
-- params: $1 plan run_id bigint, $2 applied_by run_id bigint
-- reads:  journal.attempt, journal.outcome, journal.decision
-- writes: nothing
with last_attempt as (
    select distinct on (attempt.decision_no)
        attempt.decision_no,
        attempt.attempt_id
    from journal.attempt
    where attempt.run_id = $1 and attempt.applied_by = $2
    order by attempt.decision_no, attempt.attempt_id desc
)
select
    decision.action,
    -- an attempt whose outcome was never written
    coalesce(outcome.outcome, 'unknown') as outcome,
    count(*) as count
from last_attempt
join journal.decision on decision.run_id = $1 and decision.decision_no = last_attempt.decision_no
left join journal.outcome on outcome.attempt_id = last_attempt.attempt_id
group by 1, 2
order by 1, 2
