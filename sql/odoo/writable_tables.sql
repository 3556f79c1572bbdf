-- Lists the tables that our role may write to, by right or by ownership.
--
-- grain:  one row per table
-- params: none
-- reads:  pg_class
-- writes: nothing
select class.relname::text as name
from pg_class as class
where class.relnamespace = to_regnamespace('public')
    and class.relkind in ('r', 'p')
    and (
        has_table_privilege(class.oid, 'insert, update, delete, truncate')
        or has_any_column_privilege(class.oid, 'insert, update')
    )
order by class.relname in ('sale_order', 'res_partner', 'product_template', 'stock_quant') desc, class.relname
