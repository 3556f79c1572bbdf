-- Names the shops that took part in a run. A shop that was removed since has no name.
--
-- grain:  one row per shop
-- params: $1 run_id bigint
-- reads:  journal.run, shop.shop
-- writes: nothing
select distinct
    taking_part.shop_id,
    shop.name
from journal.run
cross join lateral unnest(run.shop_ids) as taking_part (shop_id)
left join shop.shop on shop.shop_id = taking_part.shop_id
where run.run_id = $1
order by taking_part.shop_id
