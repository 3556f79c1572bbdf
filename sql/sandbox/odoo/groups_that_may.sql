-- Names the groups that may do something to the records of a model, as Odoo's refusals list them.
--
-- grain:  one row per group
-- params: $1 model text, $2 verb text (read, create, write or unlink)
-- reads:  ir_model_access, ir_model, res_groups, ir_module_category
-- writes: nothing
select coalesce((category.name ->> 'en_US') || '/', '') || (res_groups.name ->> 'en_US') as name
from ir_model_access as access
join ir_model on ir_model.id = access.model_id
join res_groups on res_groups.id = access.group_id
left join ir_module_category as category on category.id = res_groups.category_id
where ir_model.model = $1 and access.active
    and case $2 when 'read' then access.perm_read when 'create' then access.perm_create
        when 'write' then access.perm_write else access.perm_unlink end
order by 1
