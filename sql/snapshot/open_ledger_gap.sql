-- Opens a gap in a shop's ledger; of two that begin together, the longer stays.
--
-- grain:  one row per gap
-- params: $1 shop_id bigint, $2 gap_from timestamptz, $3 gap_until timestamptz
-- reads:  nothing
-- writes: snapshot.ledger_gap
insert into snapshot.ledger_gap (shop_id, gap_from, gap_until)
values ($1, $2, $3)
on conflict (shop_id, gap_from) do update
set gap_until = greatest(ledger_gap.gap_until, excluded.gap_until)
