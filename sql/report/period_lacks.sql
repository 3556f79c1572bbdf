-- Says what is missing from the evidence of a period, shop by shop. No row: it is complete, and its figures can be signed.
--
-- grain:  one row per shop and thing that is missing
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz
-- reads:  snapshot.watermark, snapshot.import, snapshot.ledger_start, snapshot.ledger_gap, snapshot.odoo_read,
--         snapshot.etsy_window, snapshot.payment_wanted, staging.reject, staging.receipt_money
-- writes: nothing
with asked as (
    select taking_part.shop_id
    from unnest($2::bigint[]) as taking_part (shop_id)
),
lack as (
    select asked.shop_id, 'money_not_laid_out' as lack, null::timestamptz as moment, null::bigint as many
    from asked
    where not exists (
        select
        from staging.receipt_money as money
        where money.run_id = $1 and money.shop_id = asked.shop_id
    )
    union all
    select asked.shop_id, 'receipts_until', mark.proven_until, null
    from asked
    left join snapshot.watermark as mark on mark.shop_id = asked.shop_id and mark.stream = 'receipts'
    where mark.proven_until is null or mark.proven_until < $4
    union all
    select asked.shop_id, 'receipts_from', import.import_from, null
    from asked
    join snapshot.import on import.shop_id = asked.shop_id
    where import.import_from > $3 or import.ended_at is null
    union all
    select asked.shop_id, 'ledger_until', mark.proven_until, null
    from asked
    left join snapshot.watermark as mark on mark.shop_id = asked.shop_id and mark.stream = 'ledger'
    where mark.proven_until is null or mark.proven_until < $4
    union all
    select asked.shop_id, 'ledger_from', start.begins_at, null
    from asked
    left join snapshot.ledger_start as start on start.shop_id = asked.shop_id
    where start.begins_at is null or start.begins_at > $3
    union all
    select gap.shop_id, 'ledger_gap', gap.gap_from, null
    from snapshot.ledger_gap as gap
    where gap.shop_id = any($2) and gap.gap_from < $4 and gap.gap_until > $3
    union all
    select asked.shop_id, 'odoo_until', max(odoo_read.taken_at), null
    from asked
    left join snapshot.odoo_read on odoo_read.run_id = $1
    group by asked.shop_id
    having max(odoo_read.taken_at) is null or max(odoo_read.taken_at) < $4
    union all
    select etsy_window.shop_id, 'unproven_windows', min(etsy_window.window_from), count(*)
    from snapshot.etsy_window
    where etsy_window.run_id = $1 and etsy_window.shop_id = any($2) and not etsy_window.proven
    group by etsy_window.shop_id
    union all
    select wanted.shop_id, 'unread_payments', null, count(*)
    from snapshot.payment_wanted as wanted
    where wanted.shop_id = any($2)
    group by wanted.shop_id
    union all
    select reject.shop_id, 'rejects', null, count(*)
    from staging.reject
    where reject.shop_id = any($2) and reject.resolved_in_run is null
        and reject.entity in ('receipt', 'ledger_entry', 'payment')
    group by reject.shop_id
)
select lack.shop_id, lack.lack, lack.moment, lack.many
from lack
order by lack.shop_id, lack.lack, lack.moment
