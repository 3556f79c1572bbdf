-- Tries to delete no row of the orders, which has to be refused.
--
-- grain:  no row
-- params: none
-- reads:  nothing
-- writes: nothing: it is refused, or else reaches no row and is rolled back
delete from public.sale_order
where false
