-- Tries to insert no row into the orders, which has to be refused.
--
-- grain:  no row
-- params: none
-- reads:  nothing
-- writes: nothing: it is refused, or else has no row and is rolled back
insert into public.sale_order (name)
select 'nothing'
where false
