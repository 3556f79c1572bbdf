-- Describes fields of a model as `fields_get` does.
--
-- grain:  one row per field that is there
-- params: $1 model text, $2 names text[]
-- reads:  ir_model_fields
-- writes: nothing
select
    field.name::text,
    jsonb_strip_nulls(jsonb_build_object(
        'name', field.name,
        'type', field.ttype,
        'string', sandbox.english(field.field_description),
        'size', nullif(field.size, 0),
        'store', field.store is true,
        'readonly', field.readonly is true,
        'required', field.required is true,
        'manual', field.state = 'manual',
        'related', field.related,
        'relation', field.relation,
        'translate', case when field.ttype in ('char', 'text') then field.translate is true end
    )) as attributes
from ir_model_fields as field
where field.model = $1 and (cardinality($2::text[]) = 0 or field.name = any($2::text[]))
order by field.name
