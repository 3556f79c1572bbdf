-- Notes payments that the ledger names, to be read.
--
-- grain:  one row per payment
-- params: $1 shop_id bigint, $2 payment_ids bigint[]
-- reads:  nothing
-- writes: snapshot.payment_wanted
insert into snapshot.payment_wanted (shop_id, payment_id)
select distinct $1::bigint, named.payment_id
from unnest($2::bigint[]) as named (payment_id)
on conflict do nothing
