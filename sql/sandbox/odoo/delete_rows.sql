-- Deletes rows and their external ids.
--
-- grain:  one row: how many were there
-- params: $1 table text, $2 ids integer[]
-- reads:  nothing
-- writes: the named table, ir_model_data
select sandbox.delete_rows($1, $2) as touched
