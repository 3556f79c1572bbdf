-- Records the outcomes of one call. An attempt that has its outcome keeps it.
--
-- grain:  one row per attempt
-- params: $1 attempt_ids bigint[], $2 outcomes text[], $3 said text[], $4 odoo_ids integer[], $5 odoo_totals numeric[],
--         $6 odoo_taxes_added numeric[], $7 now timestamptz
-- reads:  nothing
-- writes: journal.outcome
insert into journal.outcome (attempt_id, outcome, said, odoo_id, odoo_total, odoo_tax_added, recorded_at)
select settled.attempt_id, settled.outcome, settled.said, settled.odoo_id, settled.odoo_total, settled.odoo_tax_added, $7
from unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::numeric[], $6::numeric[])
    as settled (attempt_id, outcome, said, odoo_id, odoo_total, odoo_tax_added)
on conflict (attempt_id) do nothing
