-- Notes from when on a shop's ledger is read; it never moves forward.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 begins_at timestamptz
-- reads:  nothing
-- writes: snapshot.ledger_start
insert into snapshot.ledger_start (shop_id, begins_at)
values ($1, $2)
on conflict (shop_id) do update
set begins_at = least(ledger_start.begins_at, excluded.begins_at)
