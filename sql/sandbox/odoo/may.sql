-- Says whether a user may do something to the records of a model.
--
-- grain:  one row
-- params: $1 uid integer, $2 model text, $3 verb text (read, create, write or unlink)
-- reads:  ir_model_access, ir_model, res_groups_users_rel
-- writes: nothing
with listed as (
    select
        access.group_id,
        case $3 when 'read' then access.perm_read when 'create' then access.perm_create
            when 'write' then access.perm_write else access.perm_unlink end as is_allowed
    from ir_model_access as access
    join ir_model on ir_model.id = access.model_id
    where ir_model.model = $2 and access.active
)
select
    -- a model that the seed says nothing of is for everybody to read, and for nobody to change
    case
        when not exists (select from listed) then $3 = 'read'
        else exists (
            select
            from listed
            where is_allowed and (group_id is null
                or group_id in (select gid from res_groups_users_rel where uid = $1))
        )
    end as is_allowed
