-- Puts each entry of the payment accounts into one class, in the currency's major unit, and ties it to its receipt, its
-- listing and its payment. Only entries that came or changed since the shop's were kept last, or that could not be tied
-- before, are looked at; with $3 all of them.
--
-- grain:  one row per ledger entry
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 all boolean
-- reads:  staging.etsy_ledger_entry, staging.ledger_class, staging.etsy_payment, staging.etsy_payment_adjustment,
--         staging.etsy_transaction, staging.etsy_receipt, staging.money_entry, staging.money_kept,
--         snapshot.odoo_currency
-- writes: staging.money_entry
-- the ledger has no divisors: money of the same shop and currency has them, and the usual one counts
with seen as (
    select payment.shop_id, payment.currency, scale(payment.gross) as decimals, count(*) as amounts
    from staging.etsy_payment as payment
    where payment.shop_id = any($2)
    group by payment.shop_id, payment.currency, scale(payment.gross)
    union all
    select receipt.shop_id, receipt.currency, scale(receipt.grandtotal), count(*)
    from staging.etsy_receipt as receipt
    where receipt.shop_id = any($2)
    group by receipt.shop_id, receipt.currency, scale(receipt.grandtotal)
),
unit as (
    select distinct on (seen.shop_id, seen.currency) seen.shop_id, seen.currency, seen.decimals
    from seen
    group by seen.shop_id, seen.currency, seen.decimals
    order by seen.shop_id, seen.currency, sum(seen.amounts) desc, seen.decimals
),
-- accounts that were classed when Etsy had not shown yet how many decimals their currency has
rescaled as (
    select unit.shop_id, unit.currency
    from unit
    cross join lateral (
        select scale(entry.amount) as decimals
        from staging.money_entry as entry
        where entry.shop_id = unit.shop_id and entry.currency = unit.currency and entry.amount is not null
        order by entry.sequence_number
        limit 1
    ) as kept
    where kept.decimals <> unit.decimals
),
due_key as (
    select entry.shop_id, entry.entry_id
    from staging.etsy_ledger_entry as entry
    where $3 and entry.shop_id = any($2)
    union
    select entry.shop_id, entry.entry_id
    from unnest($2::bigint[]) as shop (shop_id)
    left join staging.money_kept as kept on kept.shop_id = shop.shop_id
    join staging.etsy_ledger_entry as entry
        on entry.shop_id = shop.shop_id and entry.changed_in_run > coalesce(kept.until_run, -1)
    where not $3
    union
    select entry.shop_id, entry.entry_id
    from staging.money_entry as entry
    where not $3 and entry.shop_id = any($2) and entry.trouble is not null
    union
    select entry.shop_id, entry.entry_id
    from rescaled
    join staging.money_entry as entry on entry.shop_id = rescaled.shop_id and entry.currency = rescaled.currency
),
due as (
    select entry.*
    from due_key
    join staging.etsy_ledger_entry as entry
        on entry.shop_id = due_key.shop_id and entry.entry_id = due_key.entry_id
),
unit_in_odoo as (
    select currency.name as currency, currency.decimal_places as decimals
    from snapshot.odoo_currency as currency
    where currency.run_id = $1
),
referring as (
    select
        due.*,
        lower(due.ledger_type) as type,
        -- Etsy sends it as text or as a number, and 0 for nothing
        case when due.reference_id ~ '^[1-9][0-9]{0,17}$' then due.reference_id::bigint end as reference,
        nullif(due.parent_entry_id, 0) as parent_id
    from due
),
classed as (
    select
        referring.*,
        coalesce(exact.class, given_back.class) as class
    from referring
    left join staging.ledger_class as exact on exact.run_id = $1 and exact.ledger_type = referring.type
    left join staging.ledger_class as given_back
        on given_back.run_id = $1
        and exact.class is null
        and referring.type like '%\_refund'
        and given_back.ledger_type = left(referring.type, -length('_refund'))
),
-- a tax on a fee points nowhere by itself, but at the fee
parent as (
    select classed.shop_id, classed.entry_id, fee.reference_type, fee.reference_id, fee.ledger_type,
        case when fee.reference_id ~ '^[1-9][0-9]{0,17}$' then fee.reference_id::bigint end as reference,
        coalesce(exact.class, 'suspense') as class
    from classed
    join staging.etsy_ledger_entry as fee on fee.shop_id = classed.shop_id and fee.entry_id = classed.parent_id
    left join staging.ledger_class as exact on exact.run_id = $1 and exact.ledger_type = lower(fee.ledger_type)
),
pointing as (
    select
        classed.shop_id, classed.entry_id, classed.class, classed.type,
        coalesce(parent.reference_type, classed.reference_type) as reference_type,
        case when parent.entry_id is null then classed.reference else parent.reference end as reference,
        parent.class as parent_class
    from classed
    left join parent on parent.shop_id = classed.shop_id and parent.entry_id = classed.entry_id
),
tied as (
    select
        pointing.shop_id,
        pointing.entry_id,
        pointing.class,
        pointing.parent_class,
        pointing.reference_type,
        pointing.reference,
        coalesce(payment.payment_id, adjustment.payment_id) as payment_id,
        sold.transaction_id,
        case when pointing.reference_type = 'listing' then pointing.reference else sold.listing_id end as listing_id,
        coalesce(payment.receipt_id, adjusted.receipt_id, sold.receipt_id, receipt.receipt_id) as receipt_id,
        case
            when pointing.reference_type in ('shop_payment', 'processing_fee') and payment.payment_id is null
                then 'unread_payment'
            when pointing.reference_type = 'payment_adjustment' and adjustment.payment_adjustment_id is null
                then 'unknown_adjustment'
            when pointing.reference_type = 'payment_adjustment' and adjusted.payment_id is null then 'unread_payment'
            when pointing.reference_type = 'transaction' and sold.transaction_id is null then 'unknown_transaction'
            when pointing.reference_type = 'receipt' and receipt.receipt_id is null then 'unknown_receipt'
        end as trouble
    from pointing
    left join staging.etsy_payment as payment
        on pointing.reference_type in ('shop_payment', 'processing_fee')
        and payment.shop_id = pointing.shop_id and payment.payment_id = pointing.reference
    left join staging.etsy_payment_adjustment as adjustment
        on pointing.reference_type = 'payment_adjustment'
        and adjustment.shop_id = pointing.shop_id and adjustment.payment_adjustment_id = pointing.reference
    left join staging.etsy_payment as adjusted
        on adjusted.shop_id = adjustment.shop_id and adjusted.payment_id = adjustment.payment_id
    left join staging.etsy_transaction as sold
        on pointing.reference_type = 'transaction'
        and sold.shop_id = pointing.shop_id and sold.transaction_id = pointing.reference
    left join staging.etsy_receipt as receipt
        on pointing.reference_type = 'receipt'
        and receipt.shop_id = pointing.shop_id and receipt.receipt_id = pointing.reference
),
priced as (
    select
        due.shop_id, due.entry_id, due.sequence_number, due.created_at, due.currency, due.ledger_type,
        due.amount, due.balance,
        coalesce(unit.decimals, unit_in_odoo.decimals) as decimals
    from due
    left join unit on unit.shop_id = due.shop_id and unit.currency = due.currency
    left join unit_in_odoo on unit_in_odoo.currency = due.currency
)
insert into staging.money_entry
    (shop_id, entry_id, sequence_number, entered_at, currency, amount, balance, class, ledger_type, receipt_id,
     transaction_id, listing_id, payment_id, parent_class, trouble)
select
    priced.shop_id,
    priced.entry_id,
    priced.sequence_number,
    priced.created_at,
    priced.currency,
    -- exact, and with as many decimals as the currency has
    round(priced.amount * 10::numeric ^ -priced.decimals, priced.decimals),
    round(priced.balance * 10::numeric ^ -priced.decimals, priced.decimals),
    case when priced.decimals is null then 'suspense' else coalesce(tied.class, 'suspense') end,
    priced.ledger_type,
    tied.receipt_id,
    tied.transaction_id,
    tied.listing_id,
    tied.payment_id,
    tied.parent_class,
    case
        when priced.decimals is null then 'unknown_unit'
        when tied.class is null then 'unknown_type'
        else tied.trouble
    end
from priced
join tied on tied.shop_id = priced.shop_id and tied.entry_id = priced.entry_id
on conflict (shop_id, entry_id) do update
set
    sequence_number = excluded.sequence_number,
    entered_at = excluded.entered_at,
    currency = excluded.currency,
    amount = excluded.amount,
    balance = excluded.balance,
    class = excluded.class,
    ledger_type = excluded.ledger_type,
    receipt_id = excluded.receipt_id,
    transaction_id = excluded.transaction_id,
    listing_id = excluded.listing_id,
    payment_id = excluded.payment_id,
    parent_class = excluded.parent_class,
    trouble = excluded.trouble
where (money_entry.sequence_number, money_entry.entered_at, money_entry.currency, money_entry.amount, money_entry.balance,
        money_entry.class, money_entry.ledger_type, money_entry.receipt_id, money_entry.transaction_id,
        money_entry.listing_id, money_entry.payment_id, money_entry.parent_class, money_entry.trouble)
    is distinct from (excluded.sequence_number, excluded.entered_at, excluded.currency, excluded.amount, excluded.balance,
        excluded.class, excluded.ledger_type, excluded.receipt_id, excluded.transaction_id,
        excluded.listing_id, excluded.payment_id, excluded.parent_class, excluded.trouble)
