-- Finds the other end of a one2many or many2many.
--
-- grain:  one row per pair, in the order of the ids
-- params: $1 table text, $2 parent column text, $3 child column text, $4 ids integer[]
-- reads:  the named table
-- writes: nothing
select parent, child from sandbox.children($1, $2, $3, $4)
