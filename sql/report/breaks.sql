-- Gives the breaks that were ever found, each as it was found last: those of the largest amount of each currency first.
--
-- grain:  one row per break
-- params: $1 break_id bigint (null: all), $2 shop_ids bigint[] (null: all), $3 open_only boolean
-- reads:  journal.break_state, diff.break, shop.shop
-- writes: nothing
select
    state.break_id,
    state.shop_id,
    coalesce(shop.name, 'shop ' || state.shop_id) as shop_name,
    state.kind,
    state.key,
    state.is_open,
    state.first_opened_at,
    state.opened_at,
    state.reopened,
    state.note,
    state.owner,
    last_found.run_id,
    last_found.dated_at,
    last_found.currency,
    last_found.etsy_amount,
    last_found.odoo_amount,
    last_found.amount,
    last_found.receipt_id,
    last_found.order_id,
    last_found.order_name,
    last_found.detail,
    last_found.country_iso,
    last_found.tax_rate,
    last_found.product_key
from journal.break_state as state
cross join lateral (
    select break.*
    from diff.break
    where break.shop_id = state.shop_id and break.kind = state.kind and break.key = state.key
    order by break.run_id desc
    limit 1
) as last_found
left join shop.shop on shop.shop_id = state.shop_id
where ($1::bigint is null or state.break_id = $1)
    and ($2::bigint[] is null or state.shop_id = any($2))
    and (state.is_open or not $3)
order by last_found.currency, abs(last_found.amount) desc, state.break_id
