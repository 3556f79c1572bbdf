-- Hands a value to a script that takes no parameters, for the rest of the transaction.
--
-- grain:  one row
-- params: $1 name text, $2 value text
-- reads:  nothing
-- writes: nothing
select set_config($1, $2, true)
