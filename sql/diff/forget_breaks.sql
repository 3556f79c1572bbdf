-- Forgets the breaks that an earlier search of the same run found, but for those that cannot be looked for any more: with a
-- gap in a payment account nobody can say what is in it.
--
-- grain:  one row per break and per search
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  snapshot.ledger_gap
-- writes: diff.break, diff.break_search
with forgotten as (
    delete from diff.break
    where break.run_id = $1
        and break.shop_id = any($2)
        and not (
            break.kind in ('payment_missing', 'payment_differs', 'refund_differs', 'tax_differs')
            and exists (select from snapshot.ledger_gap as gap where gap.shop_id = break.shop_id)
        )
)
delete from diff.break_search where run_id = $1 and shop_id = any($2)
