-- Writes columns of existing rows.
--
-- grain:  one row: how many were there
-- params: $1 table text, $2 rows jsonb
-- reads:  nothing
-- writes: the named table
select sandbox.update_rows($1, $2) as touched
