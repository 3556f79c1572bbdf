-- Fills the payment account of the receipts: a sale, its fees, its tax and now and then a refund; a payout every 5,000 entries.
--
-- grain:  seven entries per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: staging.etsy_ledger_entry
with kind (place, ledger_type, reference_type, share) as (
    values
        (0, 'PAYMENT_GROSS', 'shop_payment', 1000),
        (1, 'PAYMENT_PROCESSING_FEE', 'processing_fee', -40),
        (2, 'transaction', 'transaction', -65),
        (3, 'shipping_transaction', 'transaction', -5),
        (4, 'transaction_quantity', 'transaction', -2),
        (5, 'renew_sold_auto', 'listing', -2),
        (6, 'offsite_ads_fee', 'receipt', -12)
),
entry as (
    select
        receipt.n * 7 + kind.place as sequence_number,
        case
            when (receipt.n * 7 + kind.place) % 5000 = 4999 then 'DISBURSE2'
            else kind.ledger_type
        end as ledger_type,
        case
            when (receipt.n * 7 + kind.place) % 5000 = 4999 then 'disbursement'
            else kind.reference_type
        end as reference_type,
        case kind.reference_type
            when 'receipt' then 3000000000 + receipt.n
            when 'transaction' then 4000000000 + receipt.n
            when 'listing' then 1 + receipt.n % 1000
            else 5000000000 + receipt.n
        end as reference_id,
        (500 + receipt.n % 20000) * kind.share / 1000 as amount,
        timestamptz '2026-01-01' + receipt.n * interval '10 seconds' as created_at
    from generate_series(1, $2::bigint) as receipt (n)
    cross join kind
),
running as (
    select entry.*, sum(entry.amount) over (order by entry.sequence_number) as balance
    from entry
)
insert into staging.etsy_ledger_entry
    (shop_id, entry_id, sequence_number, amount, balance, currency, ledger_type, reference_type, reference_id,
     created_at, content_hash, page_id, changed_in_run)
select $1, running.sequence_number, running.sequence_number, running.amount, running.balance, 'USD', running.ledger_type,
    running.reference_type, running.reference_id::text, running.created_at, 0, 0, 0
from running
