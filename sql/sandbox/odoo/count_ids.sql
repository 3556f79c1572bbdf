-- Counts what a search finds.
--
-- grain:  one row
-- params: $1 table text, $2 domain tree jsonb
-- reads:  the named table
-- writes: nothing
select sandbox.count_ids($1, $2) as found
