-- Lists the orders that both sides have, with different amounts; the largest difference first. An order that this plan
-- booked is compared by the total that was read back. `total` counts them all.
--
-- grain:  one row per order
-- params: $1 run_id bigint, $2 limit bigint
-- reads:  diff.finding, journal.decision_state
-- writes: nothing
with found as (
    select finding.shop_id, finding.key, finding.currency, finding.verdict, finding.differences, finding.etsy_amount,
        finding.odoo_amount
    from diff.finding
    where finding.run_id = $1 and finding.subject = 'orders' and finding.standing = 'due'
),
decided as (
    select decision_state.shop_id, decision_state.key, decision_state.decision, decision_state.action,
        decision_state.state, decision_state.reason, decision_state.odoo_id, decision_state.odoo_total
    from journal.decision_state
    where decision_state.run_id = $1 and decision_state.subject = 'orders'
),
compared as (
    select
        found.shop_id,
        found.key,
        found.currency,
        found.verdict,
        found.differences,
        decided.decision,
        decided.state,
        coalesce(decided.reason, '') as reason,
        decided.odoo_id,
        found.etsy_amount,
        case
            when decided.action = 'cancel_order' and decided.state = 'applied' then null
            else coalesce(decided.odoo_total, found.odoo_amount)
        end as odoo_amount
    from found
    left join decided on decided.shop_id = found.shop_id and decided.key = found.key
)
select
    compared.*,
    compared.odoo_amount - compared.etsy_amount as difference,
    count(*) over () as total
from compared
where compared.odoo_amount <> compared.etsy_amount
order by abs(compared.odoo_amount - compared.etsy_amount) desc, compared.shop_id, compared.key
limit $2
