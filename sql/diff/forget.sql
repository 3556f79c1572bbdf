-- Forgets what an earlier try of the same run found, so that the comparison can be made again.
--
-- grain:  one row per finding and tally
-- params: $1 run_id bigint
-- reads:  nothing
-- writes: diff.finding, diff.tally
with forgotten as (
    delete from diff.finding where run_id = $1
)
delete from diff.tally where run_id = $1
