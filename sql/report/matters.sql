-- Pairs every finding of a run with its decision and with where that stands now, and sums them up.
--
-- grain:  one row per shop, subject, currency, standing, verdict, decision, action and state
-- params: $1 run_id bigint
-- reads:  diff.finding, journal.decision_state
-- writes: nothing
with found as (
    select finding.shop_id, finding.subject, finding.key, finding.currency, finding.standing, finding.verdict,
        finding.differences, finding.etsy_amount, finding.odoo_amount, finding.odoo_tax_added
    from diff.finding
    where finding.run_id = $1
),
decided as (
    select decision_state.shop_id, decision_state.subject, decision_state.key, decision_state.currency,
        decision_state.verdict, decision_state.decision, decision_state.action, decision_state.state,
        decision_state.amount, decision_state.odoo_total, decision_state.odoo_tax_added
    from journal.decision_state
    where decision_state.run_id = $1
),
paired as (
    select
        coalesce(found.shop_id, decided.shop_id) as shop_id,
        coalesce(found.subject, decided.subject) as subject,
        coalesce(found.currency, decided.currency, '') as currency,
        coalesce(found.standing, 'due') as standing,
        coalesce(found.verdict, decided.verdict) as verdict,
        decided.decision,
        decided.action,
        decided.state,
        found.key is not null as is_found,
        decided.key is not null as is_decided,
        'currency' = any(found.differences) as is_in_another_currency,
        coalesce(found.etsy_amount, 0) as etsy_amount,
        coalesce(found.odoo_amount, 0) as odoo_amount,
        coalesce(decided.amount, 0) as at_stake,
        -- what Odoo holds for this key once the decision has been carried out as far as it was
        case
            when decided.state = 'applied' and decided.action = 'cancel_order' then 0
            when decided.state = 'applied' and decided.action in ('book_order', 'create_entry')
                then coalesce(decided.odoo_total, found.odoo_amount, 0)
            else coalesce(found.odoo_amount, 0)
        end as odoo_now,
        coalesce(found.odoo_tax_added, 0) as odoo_tax,
        case
            when decided.state = 'applied' and decided.action = 'cancel_order' then 0
            when decided.state = 'applied' and decided.action = 'book_order'
                then coalesce(decided.odoo_tax_added, found.odoo_tax_added, 0)
            else coalesce(found.odoo_tax_added, 0)
        end as odoo_tax_now
    from found
    full join decided
        on decided.shop_id = found.shop_id and decided.subject = found.subject and decided.key = found.key
)
select
    paired.shop_id,
    paired.subject,
    paired.currency,
    paired.standing,
    paired.verdict,
    paired.decision,
    paired.action,
    paired.state,
    count(*) filter (where paired.is_found) as findings,
    count(*) filter (where paired.is_decided) as decisions,
    count(*) filter (where paired.is_in_another_currency) as in_another_currency,
    -- receipts that are unpaid or cancelled ask for nothing
    count(*) filter (
        where paired.odoo_now <> case when paired.standing = 'due' then paired.etsy_amount else 0 end
    ) as off,
    sum(paired.etsy_amount) as etsy_amount,
    sum(paired.odoo_amount) as odoo_amount,
    sum(paired.at_stake) as at_stake,
    sum(paired.odoo_now) as odoo_now,
    sum(paired.odoo_tax) as odoo_tax,
    sum(paired.odoo_tax_now) as odoo_tax_now
from paired
group by
    paired.shop_id, paired.subject, paired.currency, paired.standing, paired.verdict, paired.decision,
    paired.action, paired.state
order by
    paired.shop_id, paired.subject, paired.currency, paired.standing, paired.verdict, paired.decision,
    paired.action, paired.state
