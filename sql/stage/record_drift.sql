-- Counts what Etsy sends that its reference does not have.
--
-- grain:  one row per shop, kind of object, and field or word
-- params: $1 run_id bigint, $2 shop_id bigint, $3 entities text[], $4 kinds text[], $5 fields text[], $6 words text[],
--         $7 rows bigint[]
-- reads:  nothing
-- writes: staging.drift
insert into staging.drift (shop_id, entity, kind, field, word, first_seen_run, last_seen_run, rows)
select $2, seen.entity, seen.kind, seen.field, seen.word, $1, $1, seen.rows
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
    as seen (entity, kind, field, word, rows)
on conflict (shop_id, entity, kind, field, word) do update
set last_seen_run = excluded.last_seen_run, rows = drift.rows + excluded.rows
