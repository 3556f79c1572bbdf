-- Notes cancelled receipts, and counts those that are known now.
--
-- grain:  one row
-- params: $1 shop_id bigint, $2 receipt_ids bigint[]
-- reads:  snapshot.cancelled_receipt
-- writes: snapshot.cancelled_receipt
with added as (
    insert into snapshot.cancelled_receipt (shop_id, receipt_id)
    select $1, named.receipt_id
    from (select distinct unnest($2::bigint[]) as receipt_id) as named
    on conflict do nothing
    returning receipt_id
)
select
    (select count(*) from snapshot.cancelled_receipt where shop_id = $1) + (select count(*) from added) as known
