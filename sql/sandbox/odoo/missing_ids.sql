-- Finds ids that do not exist.
--
-- grain:  one row per missing id, in the order asked
-- params: $1 table text, $2 ids integer[]
-- reads:  the named table
-- writes: nothing
select id from sandbox.missing_ids($1, $2) as id
