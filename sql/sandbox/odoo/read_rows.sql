-- Reads whole rows.
--
-- grain:  one row per id that exists, in the order asked
-- params: $1 table text, $2 ids integer[]
-- reads:  the named table
-- writes: nothing
select row from sandbox.read_rows($1, $2) as row
