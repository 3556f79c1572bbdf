-- Lists the receipts whose orders a plan has booked so far.
--
-- grain:  one row per receipt
-- params: $1 run_id bigint (the plan)
-- reads:  journal.decision, journal.decision_state
-- writes: nothing
select (decision.payload ->> 'receipt_id')::bigint as receipt_id
from journal.decision
join journal.decision_state
    on decision_state.run_id = decision.run_id
    and decision_state.decision_no = decision.decision_no
where decision.run_id = $1
    and decision.action = 'book_order'
    and decision_state.state = 'applied'
order by 1
