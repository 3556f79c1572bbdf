-- Says whether a user is in a group.
--
-- grain:  one row
-- params: $1 uid integer, $2 external id of the group text
-- reads:  res_groups_users_rel, ir_model_data
-- writes: nothing
select exists (
    select
    from res_groups_users_rel as member
    join ir_model_data as named on named.model = 'res.groups' and named.res_id = member.gid
    where member.uid = $1 and named.module || '.' || named.name = $2
) as is_member
