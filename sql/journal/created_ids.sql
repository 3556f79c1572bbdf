-- Gives the Odoo ids of what the plan of a run has created, by external id, for the actions that refer to them.
--
-- grain:  one row per created record
-- params: $1 run_id bigint
-- reads:  journal.decision, journal.decision_state
-- writes: nothing
select
    decision.payload ->> 'external_id' as external_id,
    decision_state.odoo_id
from journal.decision
join journal.decision_state
    on decision_state.run_id = decision.run_id
    and decision_state.decision_no = decision.decision_no
where decision.run_id = $1
    and decision.action in ('create_product', 'create_customer')
    and decision_state.state = 'applied'
    and decision_state.odoo_id is not null
