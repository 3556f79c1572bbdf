-- Lists the actions of a plan that are not settled yet, in the order of the plan.
--
-- grain:  one row per decision
-- params: $1 run_id bigint, $2 action text, $3 after decision_no integer, $4 limit bigint
-- reads:  journal.decision, journal.decision_state
-- writes: nothing
select
    decision.decision_no,
    decision.shop_id,
    decision.key,
    decision.payload
from journal.decision
join journal.decision_state
    on decision_state.run_id = decision.run_id
    and decision_state.decision_no = decision.decision_no
where decision.run_id = $1
    and decision.decision = 'act'
    and decision.action = $2
    and decision.decision_no > $3
    and decision_state.state not in ('applied', 'stale')
order by decision.decision_no
limit $4
