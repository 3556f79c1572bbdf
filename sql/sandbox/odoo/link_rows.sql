-- Links records of a many2many.
--
-- grain:  one row per pair
-- params: $1 table text, $2 parent column text, $3 child column text, $4 parents integer[], $5 children integer[]
-- reads:  nothing
-- writes: the named table
select sandbox.link_rows($1, $2, $3, $4, $5)
