-- Adds the column of a custom field.
--
-- grain:  one column
-- params: $1 table text, $2 field text, $3 type text, $4 indexed boolean
-- reads:  nothing
-- writes: the named table
select sandbox.add_column($1, $2, $3, $4)
