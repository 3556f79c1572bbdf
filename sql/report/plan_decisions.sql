-- Gives every decision of a plan whole, in the order of application.
--
-- grain:  one row per decision
-- params: $1 run_id bigint
-- reads:  journal.decision
-- writes: nothing
select
    decision.decision_no,
    decision.shop_id,
    decision.subject,
    decision.key,
    decision.verdict,
    decision.decision,
    decision.action,
    decision.reason,
    decision.payload,
    decision.before_image,
    decision.amount,
    decision.currency
from journal.decision
where decision.run_id = $1
order by decision.decision_no
