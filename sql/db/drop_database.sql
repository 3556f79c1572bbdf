-- Writes the statement that drops a database with everybody who is connected to it.
--
-- grain:  one row
-- params: $1 name text
-- reads:  nothing
-- writes: nothing
select format('drop database if exists %I with (force)', $1::text) as statement
