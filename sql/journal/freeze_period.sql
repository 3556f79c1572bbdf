-- Freezes the receipts and the movements of a month, and hashes them: the same rows give the same hash, in any order.
--
-- grain:  one row
-- params: $1 month date, $2 run_id bigint, $3 shop_ids bigint[], $4 from timestamptz, $5 until timestamptz, $6 now timestamptz
-- reads:  staging.receipt_money, staging.money_entry
-- writes: journal.period_close, journal.period_receipt, journal.period_entry
with number as (
    select nextval(pg_get_serial_sequence('journal.period_close', 'close_id')) as close_id
),
receipt as (
    insert into journal.period_receipt
        (close_id, shop_id, receipt_id, currency, standing, total, tax, refunded, order_total, invoiced, credited, sale,
         sale_refunded, sale_tax, fees)
    select
        number.close_id, money.shop_id, money.receipt_id, money.currency, money.standing, money.receipt_total,
        money.receipt_tax, money.receipt_refunded, money.order_total, money.invoiced, money.credited, money.ledger_sale,
        money.ledger_refund, money.ledger_tax - money.ledger_tax_back, money.ledger_fees
    from number
    join staging.receipt_money as money
        on money.run_id = $2 and money.shop_id = any($3) and money.received_at >= $4 and money.received_at < $5
    returning shop_id, receipt_id, currency, standing, total, tax, refunded, order_total, invoiced, credited, sale,
        sale_refunded, sale_tax, fees
),
entry as (
    insert into journal.period_entry (close_id, shop_id, entry_id, currency, class, amount)
    select number.close_id, moved.shop_id, moved.entry_id, moved.currency, moved.class, moved.amount
    from number
    join staging.money_entry as moved
        on moved.shop_id = any($3) and moved.entered_at >= $4 and moved.entered_at < $5
    returning shop_id, entry_id, currency, class, amount
),
line as (
    select 'receipt ' || receipt::text as words from receipt
    union all
    select 'entry ' || entry::text from entry
)
insert into journal.period_close (close_id, month, run_id, begun_at, evidence)
select
    number.close_id,
    $1,
    $2,
    $6,
    encode(
        sha256(convert_to(
            (select coalesce(string_agg(line.words, E'\n' order by line.words collate "C"), '') from line),
            'UTF8'
        )),
        'hex'
    )
from number
returning close_id, evidence
