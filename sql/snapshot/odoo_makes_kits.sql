-- Says whether Odoo has bills of materials, by which kits are taken apart: the module mrp.
--
-- grain:  one row
-- params: none
-- reads:  pg_class
-- writes: nothing
select to_regclass('public.mrp_bom') is not null as makes_kits
