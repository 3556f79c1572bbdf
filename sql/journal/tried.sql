-- Lists the decisions of a plan that an earlier application has tried, and of which it does not know what became.
--
-- grain:  one row per decision
-- params: $1 run_id bigint (the plan), $2 decision_nos integer[]
-- reads:  journal.attempt, journal.outcome
-- writes: nothing
select distinct attempt.decision_no
from journal.attempt
left join journal.outcome on outcome.attempt_id = attempt.attempt_id
where attempt.run_id = $1
    and attempt.decision_no = any($2)
    and coalesce(outcome.outcome, 'unknown') = 'unknown'
order by attempt.decision_no
