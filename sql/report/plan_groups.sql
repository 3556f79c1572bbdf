-- Sums up the decisions of a plan.
--
-- grain:  one row per shop, subject, decision, action and currency
-- params: $1 run_id bigint
-- reads:  journal.decision
-- writes: nothing
select
    decision.shop_id,
    decision.subject,
    decision.decision,
    decision.action,
    coalesce(decision.currency, '') as currency,
    count(*) as decisions,
    coalesce(sum(decision.amount), 0) as amount
from journal.decision
where decision.run_id = $1
group by decision.shop_id, decision.subject, decision.decision, decision.action, coalesce(decision.currency, '')
order by decision.shop_id, decision.subject, decision.decision, decision.action, currency
