-- Takes the links of a many2many away.
--
-- grain:  one row per parent
-- params: $1 table text, $2 parent column text, $3 parents integer[]
-- reads:  nothing
-- writes: the named table
select sandbox.unlink_rows($1, $2, $3)
