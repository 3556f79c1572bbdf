-- Says that everything was read that a report on the quarter needs.
--
-- grain:  one row per thing that was read
-- params: $1 shop_id bigint, $2 run_id bigint
-- reads:  nothing
-- writes: journal.run, snapshot.watermark, snapshot.import, snapshot.ledger_start, snapshot.odoo_read
with run as (
    insert into journal.run (run_id, command, shop_ids, subjects, full_read, started_at, version)
    overriding system value
    values ($2, 'run', array[$1::bigint], '{orders,ledger}', true, timestamptz '2026-10-08 00:00:00+00', '0')
    returning run_id
),
mark as (
    insert into snapshot.watermark (shop_id, stream, proven_until, run_id)
    select $1, read.stream, timestamptz '2026-10-08 00:00:00+00', run.run_id
    from run
    cross join unnest(array['receipts', 'ledger']) as read (stream)
),
import as (
    insert into snapshot.import (shop_id, import_from, import_until, ended_at)
    values ($1, '2026-01-01 00:00:00+00', '2026-10-07 00:00:00+00', '2026-10-07 00:00:00+00')
),
start as (
    insert into snapshot.ledger_start (shop_id, begins_at)
    values ($1, '2026-01-01 00:00:00+00')
)
insert into snapshot.odoo_read (run_id, taken_at, database, horizon, row_count)
select run.run_id, timestamptz '2026-10-08 00:00:00+00', 'bench', '1', 0
from run
