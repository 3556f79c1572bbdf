-- Lists what a run was the first to see of what Etsy's reference does not have. How often it was seen is left out: that
-- number grows with later runs, and a report does not change.
--
-- grain:  one row per shop, kind of object, and field or word
-- params: $1 run_id bigint
-- reads:  staging.drift
-- writes: nothing
select drift.shop_id, drift.entity, drift.field, drift.word
from staging.drift
where drift.first_seen_run = $1
order by drift.shop_id, drift.entity, drift.field, drift.word
