-- Inserts rows into a model's table.
--
-- grain:  one row per new id, in the order given
-- params: $1 table text, $2 rows jsonb
-- reads:  nothing
-- writes: the named table
select id from sandbox.insert_rows($1, $2) as id
