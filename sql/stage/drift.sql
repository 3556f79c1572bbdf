-- Lists what a run was the first to see of what Etsy's reference does not have.
--
-- grain:  one row per shop, kind of object, and field or word
-- params: $1 run_id bigint
-- reads:  staging.drift
-- writes: nothing
select drift.shop_id, drift.entity, drift.kind, drift.field, drift.word, drift.rows
from staging.drift
where drift.first_seen_run = $1
order by drift.shop_id, drift.entity, drift.kind, drift.field, drift.word
