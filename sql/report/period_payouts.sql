-- Takes apart the payouts and recoupments of a period: what of each is sales, refunds, tax, fees and the rest.
--
-- grain:  one row per payout or recoupment
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  staging.settlement, staging.money_entry
-- writes: nothing
with settlement as (
    select settlement.*
    from staging.settlement
    where settlement.shop_id = any($1) and settlement.settled_at >= $2 and settlement.settled_at < $3
)
select
    settlement.shop_id,
    settlement.currency,
    settlement.settlement_id,
    settlement.class,
    settlement.settled_at,
    settlement.from_sequence,
    settlement.until_sequence,
    settlement.opening_balance,
    part.entries,
    part.orders,
    part.sales,
    part.refunds,
    part.tax,
    part.fees,
    part.ads_and_labels,
    part.other,
    part.suspense,
    settlement.paid,
    settlement.closing_balance
from settlement
-- each settlement adds up its own stretch of the account, so that nothing has to be sorted
cross join lateral (
    select
        count(*) as entries,
        count(distinct entry.receipt_id) filter (where entry.class = 'sale') as orders,
        coalesce(sum(entry.amount) filter (where entry.class = 'sale'), 0) as sales,
        coalesce(sum(entry.amount) filter (where entry.class = 'refund'), 0) as refunds,
        coalesce(sum(entry.amount) filter (where entry.class = 'etsy_tax'), 0) as tax,
        coalesce(sum(entry.amount) filter (where entry.class in ('fee_transaction', 'fee_processing', 'fee_listing',
            'fee_regulatory', 'fee_other', 'vat_on_fees')), 0) as fees,
        coalesce(sum(entry.amount) filter (where entry.class in ('ads', 'labels')), 0) as ads_and_labels,
        coalesce(sum(entry.amount) filter (where entry.class in ('credit', 'deposit', 'adjustment')), 0) as other,
        coalesce(sum(entry.amount) filter (where entry.class = 'suspense'), 0) as suspense
    from staging.money_entry as entry
    where entry.shop_id = settlement.shop_id and entry.currency = settlement.currency
        and entry.sequence_number between settlement.from_sequence and settlement.until_sequence
) as part
order by settlement.shop_id, settlement.currency, settlement.until_sequence, settlement.settlement_id
