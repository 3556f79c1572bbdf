-- Finds the orders whose customer belongs to another company.
--
-- grain:  one row per order and partner
-- params: $1 order_ids integer[]
-- reads:  sale_order, res_partner, res_company
-- writes: nothing
select booked.name::text as order_name, company.name::text as company, field.label, field.name as field,
       partner.complete_name::text as partner
from sale_order as booked
join res_company as company on company.id = booked.company_id
cross join lateral (
    values ('Customer', 'partner_id', booked.partner_id), ('Delivery Address', 'partner_shipping_id', booked.partner_shipping_id),
        ('Invoice Address', 'partner_invoice_id', booked.partner_invoice_id)
) as field (label, name, partner_id)
join res_partner as partner on partner.id = field.partner_id
where booked.id = any($1) and partner.company_id <> booked.company_id
order by booked.id, field.name
