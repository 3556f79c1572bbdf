-- Lists payments that are to be read, the oldest numbers first.
--
-- grain:  one row per payment
-- params: $1 shop_id bigint
-- reads:  snapshot.payment_wanted
-- writes: nothing
select payment_id
from snapshot.payment_wanted
where shop_id = $1
order by payment_id
