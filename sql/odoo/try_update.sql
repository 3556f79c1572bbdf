-- Tries to change no row of the orders, which has to be refused.
--
-- grain:  no row
-- params: none
-- reads:  nothing
-- writes: nothing: it is refused, or else reaches no row and is rolled back
update public.sale_order
set name = 'nothing'
where false
