-- Records that Odoo's database was read whole, in one transaction.
--
-- grain:  one row per run
-- params: $1 run_id bigint, $2 taken_at timestamptz, $3 database text, $4 horizon text, $5 row_count bigint
-- reads:  nothing
-- writes: snapshot.odoo_read
insert into snapshot.odoo_read (run_id, taken_at, database, horizon, row_count)
values ($1, $2, $3, $4, $5)
