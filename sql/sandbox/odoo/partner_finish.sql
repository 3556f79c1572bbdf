-- Tells of new contacts for whom they act: the company or person at the top.
--
-- grain:  one row per contact
-- params: $1 ids integer[]
-- reads:  res_partner
-- writes: res_partner
update res_partner as contact
set commercial_partner_id = case
        when contact.is_company or contact.parent_id is null then contact.id
        else (select coalesce(parent.commercial_partner_id, parent.id) from res_partner as parent where parent.id = contact.parent_id)
    end
where contact.id = any($1)
