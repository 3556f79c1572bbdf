-- Counts the decisions of a run by what they are about, what they do and what became of them.
--
-- grain:  one row per shop, subject, decision, action and state
-- params: $1 run_id bigint
-- reads:  journal.decision_state
-- writes: nothing
select
    decision_state.shop_id,
    decision_state.subject,
    decision_state.decision,
    decision_state.action,
    decision_state.state,
    count(*) as count
from journal.decision_state
where decision_state.run_id = $1
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
