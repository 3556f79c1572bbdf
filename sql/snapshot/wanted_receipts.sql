-- Lists the receipts that are to be read again, with their place among all that are known, oldest first: those that lie
-- within a page of each other are read together. A receipt that is not known has no place.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint
-- reads:  snapshot.receipt_wanted, staging.etsy_receipt
-- writes: nothing
with known as (
    select
        etsy_receipt.receipt_id,
        etsy_receipt.created_at,
        row_number() over (order by etsy_receipt.created_at, etsy_receipt.receipt_id) as place
    from staging.etsy_receipt
    where etsy_receipt.shop_id = $1 and not etsy_receipt.is_cancelled
)
select wanted.receipt_id, known.created_at, known.place
from snapshot.receipt_wanted as wanted
left join known on known.receipt_id = wanted.receipt_id
where wanted.shop_id = $1
order by known.place, wanted.receipt_id
