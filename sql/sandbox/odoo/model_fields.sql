-- Describes the fields of a model.
--
-- grain:  one row per field
-- params: $1 model text
-- reads:  ir_model_fields, ir_model_fields_selection
-- writes: nothing
select field.name::text, field.ttype::text, field.relation::text, field.relation_field::text, field.relation_table::text,
       field.column1::text, field.column2::text, field.related::text, sandbox.english(field.field_description) as label,
       field.store is true as stored, field.translate is true as translated, field.required is true as required,
       -- what differs by company is kept by company in another column
       case when field.model = 'account.account' and field.name = 'code' then 'code_store' end as kept_in,
       coalesce(choice.codes, array[]::text[]) as codes, coalesce(choice.labels, array[]::text[]) as labels
from ir_model_fields as field
left join lateral (
    select array_agg(value::text order by sequence) as codes, array_agg(sandbox.english(name) order by sequence) as labels
    from ir_model_fields_selection where field_id = field.id
) as choice on true
where field.model = $1
