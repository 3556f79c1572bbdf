-- Describes a model.
--
-- grain:  one row, or none
-- params: $1 model text
-- reads:  ir_model
-- writes: nothing
select model::text, sandbox.english(name) as label, "order"::text as ordering from ir_model where model = $1
