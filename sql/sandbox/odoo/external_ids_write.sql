-- Gives records their external ids; of two transactions that do it at once, the second cannot go on.
--
-- grain:  one row per external id
-- params: $1 modules text[], $2 names text[], $3 model text, $4 ids integer[], $5 noupdate boolean, $6 now timestamp, $7 uid integer
-- reads:  nothing
-- writes: ir_model_data
insert into ir_model_data (module, name, model, res_id, noupdate, create_uid, create_date, write_uid, write_date)
select given.module, given.name, $3, given.id, $5, $7, $6, $7, $6
from unnest($1::text[], $2::text[], $4::integer[]) as given (module, name, id)
-- Odoo's own clause: in a repeatable-read transaction it fails on a row that was committed meanwhile.
on conflict (module, name) do update set (model, res_id, write_date) = (excluded.model, excluded.res_id, $6)
where (ir_model_data.res_id <> excluded.res_id or ir_model_data.model <> excluded.model) and not ir_model_data.noupdate
