-- Renews the full names of contacts, and of those below them.
--
-- grain:  one row per contact
-- params: $1 ids integer[]
-- reads:  res_partner
-- writes: res_partner
with recursive touched as (
    select contact.id, case when parent.id is null then contact.name::text
           else concat_ws(', ', parent.complete_name, coalesce(nullif(contact.name, ''), initcap(contact.type) || ' Address')) end as full_name
    from res_partner as contact
    left join res_partner as parent on parent.id = contact.parent_id
    where contact.id = any($1)
    union
    select child.id, concat_ws(', ', touched.full_name, coalesce(nullif(child.name, ''), initcap(child.type) || ' Address'))
    from touched
    join res_partner as child on child.parent_id = touched.id
)
update res_partner as kept set complete_name = touched.full_name
from touched
where touched.id = kept.id and kept.complete_name is distinct from touched.full_name
