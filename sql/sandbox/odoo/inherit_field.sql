-- Shows a custom field of the product template on its variants.
--
-- grain:  one row per field
-- params: $1 field_ids integer[]
-- reads:  ir_model_fields, ir_model
-- writes: ir_model_fields
insert into ir_model_fields (model_id, model, name, ttype, related, field_description, state, store, required, translate,
    company_dependent, copied, readonly, index, create_uid, create_date, write_uid, write_date)
select variant.id, variant.model, field.name, field.ttype, 'product_tmpl_id.' || field.name, field.field_description, 'manual',
       false, false, false, false, false, false, false, field.create_uid, field.create_date, field.write_uid, field.write_date
from ir_model_fields as field
join ir_model as variant on variant.model = 'product.product'
where field.id = any($1) and field.model = 'product.template'
