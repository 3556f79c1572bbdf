-- Names records as people see them.
--
-- grain:  one row per id that exists
-- params: $1 table text, $2 ids integer[]
-- reads:  the named table
-- writes: nothing
select id, name from sandbox.display_names($1, $2)
