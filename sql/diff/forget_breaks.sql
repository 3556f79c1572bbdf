-- Forgets the breaks that an earlier search of the same run found.
--
-- grain:  one row per break and per search
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  nothing
-- writes: diff.break, diff.break_search
with forgotten as (
    delete from diff.break where run_id = $1 and shop_id = any($2)
)
delete from diff.break_search where run_id = $1 and shop_id = any($2)
