-- Finds the records behind external ids.
--
-- grain:  one row per external id that exists
-- params: $1 modules text[], $2 names text[]
-- reads:  ir_model_data
-- writes: nothing
select kept.module || '.' || kept.name as external_id, kept.model::text, kept.res_id, kept.noupdate is true as noupdate
from unnest($1::text[], $2::text[]) as asked (module, name)
join ir_model_data as kept on kept.module = asked.module and kept.name = asked.name
