-- Lists what a person should look at, the first few of each list; `total` counts the whole list.
--
-- grain:  one row per decision that is held, refused, unknown or stale
-- params: $1 run_id bigint, $2 limit bigint (per list)
-- reads:  journal.decision_state, diff.finding
-- writes: nothing
with looked_at as (
    select
        case when decision_state.decision = 'hold' then 'held' else decision_state.state end as list,
        decision_state.*
    from journal.decision_state
    where decision_state.run_id = $1
        and (decision_state.decision = 'hold' or decision_state.state in ('refused', 'unknown', 'stale'))
),
numbered as (
    select
        looked_at.*,
        row_number() over (partition by looked_at.list order by looked_at.decision_no) as position,
        count(*) over (partition by looked_at.list) as total
    from looked_at
)
select
    numbered.list,
    numbered.total,
    numbered.decision_no,
    numbered.shop_id,
    numbered.subject,
    numbered.key,
    numbered.verdict,
    numbered.action,
    numbered.reason,
    coalesce(numbered.said, '') as said,
    numbered.odoo_id,
    coalesce(finding.currency, numbered.currency) as currency,
    case when finding.key is null then numbered.amount else finding.etsy_amount end as etsy_amount,
    coalesce(numbered.odoo_total, finding.odoo_amount) as odoo_amount,
    coalesce(finding.differences, '{}') as differences
from numbered
left join diff.finding
    on finding.run_id = $1
    and finding.subject = numbered.subject
    and finding.shop_id = numbered.shop_id
    and finding.key = numbered.key
where numbered.position <= $2
order by numbered.list, numbered.decision_no
