-- Notes the receipts that refunds name, by themselves or by one of their lines, to be read again.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipt_ids bigint[], $3 transaction_ids bigint[]
-- reads:  staging.etsy_transaction
-- writes: snapshot.receipt_wanted
with named as (
    select unnest($2::bigint[]) as receipt_id
    union
    select line.receipt_id
    from staging.etsy_transaction as line
    where line.shop_id = $1 and line.transaction_id = any($3)
)
insert into snapshot.receipt_wanted (shop_id, receipt_id)
select $1, named.receipt_id
from named
on conflict do nothing
