-- Lists the differences in money that are dated in a period, the largest of each kind first, with what people said of them.
-- `total` counts them all.
--
-- grain:  one row per break
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz, $5 limit bigint
-- reads:  diff.break, journal.break_state
-- writes: nothing
select
    break.shop_id,
    break.kind,
    break.key,
    break.dated_at,
    break.currency,
    break.etsy_amount,
    break.odoo_amount,
    break.amount,
    break.receipt_id,
    break.order_id,
    coalesce(break.order_name, '') as order_name,
    break.detail,
    coalesce(break.country_iso, '') as country_iso,
    break.tax_rate,
    coalesce(break.product_key, '') as product_key,
    state.break_id,
    state.opened_at,
    coalesce(state.reopened, 0) as reopened,
    coalesce(state.note, '') as note,
    coalesce(state.owner, '') as owner,
    count(*) over () as total
from diff.break
left join journal.break_state as state
    on state.shop_id = break.shop_id and state.kind = break.kind and state.key = break.key
where break.run_id = $1 and break.shop_id = any($2) and break.dated_at >= $3 and break.dated_at < $4
order by break.kind, break.currency, abs(break.amount) desc, break.shop_id, break.key
limit $5
