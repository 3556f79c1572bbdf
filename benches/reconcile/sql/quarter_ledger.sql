-- Fills the payment accounts of the quarter, one per currency: of each receipt its sale, its tax, six fees with the tax on one
-- of them, and now and then a refund; every Monday what is there is paid out.
--
-- grain:  eight or nine rows per receipt, one or two more per refund, and one per currency and week
-- params: none
-- reads:  public.sale
-- writes: staging.etsy_ledger_entry
with kind (place, ledger_type, reference_type) as (
    values
        (0, 'PAYMENT_GROSS', 'shop_payment'),
        (1, 'sales_tax', 'shop_payment'),
        (2, 'PAYMENT_PROCESSING_FEE', 'processing_fee'),
        (3, 'vat_on_processing_fees', 'processing_fee'),
        (4, 'transaction', 'transaction'),
        (5, 'shipping_transaction', 'transaction'),
        (6, 'transaction_quantity', 'transaction'),
        (7, 'offsite_ads_fee', 'receipt'),
        (8, 'regulatory_operating_fee', 'receipt'),
        (9, 'REFUND_GROSS', 'shop_payment'),
        (10, 'sales_tax_refund', 'shop_payment')
),
moved as (
    select
        sale.shop_id,
        sale.currency,
        sale.created_at,
        sale.n,
        kind.place,
        kind.ledger_type,
        kind.reference_type,
        case kind.reference_type
            when 'transaction' then 4000000000 + 2 * sale.n
            when 'receipt' then sale.receipt_id
            else sale.payment_id
        end as reference_id,
        case kind.place
            when 0 then sale.price + sale.tax
            when 1 then -sale.tax
            when 2 then -(25 + sale.price * 3 / 100)
            when 3 then -(5 + sale.price / 200)
            when 4 then -sale.price * 65 / 1000
            when 5 then -13
            when 6 then -20
            when 7 then -sale.price * 12 / 100
            when 8 then -3
            when 9 then -(sale.price + sale.tax)
            else sale.tax
        end as amount
    from public.sale
    cross join kind
    where (kind.place < 9 or sale.is_refunded) and (kind.place not in (1, 10) or sale.tax > 0)
),
paid_out as (
    select
        moved.shop_id, moved.currency, date_trunc('week', moved.created_at at time zone 'UTC') as week,
        sum(moved.amount) as amount
    from moved
    group by moved.shop_id, moved.currency, week
),
entry as (
    select moved.* from moved
    union all
    select
        paid_out.shop_id, paid_out.currency, (paid_out.week + interval '7 days') at time zone 'UTC', 0, -1, 'DISBURSE2',
        'disbursement', extract(epoch from paid_out.week)::bigint, -paid_out.amount
    from paid_out
),
placed as (
    select
        entry.*,
        row_number() over (order by entry.created_at, entry.n, entry.place, entry.currency) as place_of_all,
        sum(entry.amount) over (
            partition by entry.currency
            order by entry.created_at, entry.n, entry.place
        ) as balance
    from entry
)
insert into staging.etsy_ledger_entry
    (shop_id, entry_id, sequence_number, amount, balance, currency, ledger_type, reference_type, reference_id,
     parent_entry_id, created_at, content_hash, page_id, changed_in_run)
select
    placed.shop_id, 7000000000 + placed.place_of_all, placed.place_of_all, placed.amount, placed.balance, placed.currency,
    placed.ledger_type, placed.reference_type, placed.reference_id::text,
    -- a tax on a fee names the fee, which is the entry before it
    case when placed.place = 3 then 7000000000 + placed.place_of_all - 1 end, placed.created_at, 0, 0, 0
from placed
