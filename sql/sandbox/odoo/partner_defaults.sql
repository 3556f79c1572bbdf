-- Completes new contacts as Odoo's defaults and computed fields would.
--
-- grain:  one row per given row, in its order
-- params: $1 rows jsonb
-- reads:  res_partner
-- writes: nothing
with given as (
    select item.row, item.place, item.row ->> 'name' as name, coalesce(item.row ->> 'type', 'contact') as type,
           parent.complete_name as parent_name, parent.lang as parent_lang
    from jsonb_array_elements($1) with ordinality as item (row, place)
    left join res_partner as parent on parent.id = (item.row ->> 'parent_id')::integer
), named as (
    select given.*,
           coalesce(nullif(name, ''), case type
               when 'invoice' then 'Invoice Address' when 'delivery' then 'Delivery Address' when 'other' then 'Other Address'
           end) as shown_name
    from given
)
select jsonb_build_object(
           'type', 'contact', 'active', true, 'lang', coalesce(parent_lang, 'en_US'), 'is_company', false, 'employee', false, 'color', 0,
           'partner_share', true, 'supplier_rank', 0, 'customer_rank', 0, 'autopost_bills', 'ask')
       || row
       || jsonb_build_object('complete_name', case
           when parent_name is not null then concat_ws(', ', parent_name, shown_name) else name end) as row
from named
order by place
