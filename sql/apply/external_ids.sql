-- Finds the records of Odoo that bear given external ids. Runs in Odoo's database.
--
-- grain:  one row per external id that is there
-- params: $1 modules text[], $2 names text[] (beside one another), $3 model text
-- reads:  public.ir_model_data
-- writes: nothing
select
    asked.module || '.' || asked.name as external_id,
    ir_model_data.res_id
from unnest($1::text[], $2::text[]) as asked (module, name)
join ir_model_data
    on ir_model_data.module = asked.module
    and ir_model_data.name = asked.name
where ir_model_data.model = $3
    -- an id that is reserved, and stands for no record yet
    and ir_model_data.res_id > 0
