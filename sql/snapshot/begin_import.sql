-- Begins the import of a shop's receipts, from the start: what an earlier one had come to is forgotten.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 import_from timestamptz, $3 import_until timestamptz
-- reads:  nothing
-- writes: snapshot.import, snapshot.watermark
with forgotten as (
    delete from snapshot.watermark
    where shop_id = $1 and stream = 'receipts_created'
)
insert into snapshot.import (shop_id, import_from, import_until)
values ($1, $2, $3)
on conflict (shop_id) do update
set import_from = excluded.import_from, import_until = excluded.import_until, ended_at = null
