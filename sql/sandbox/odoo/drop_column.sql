-- Drops the column of a custom field.
--
-- grain:  one column
-- params: $1 table text, $2 field text
-- reads:  nothing
-- writes: the named table
select sandbox.drop_column($1, $2)
