-- Finds records by the name that people see.
--
-- grain:  one row per match
-- params: $1 table text, $2 names text[]
-- reads:  the named table
-- writes: nothing
select id, name from sandbox.find_by_name($1, $2)
