-- Closes a gap in a shop's ledger.
--
-- grain:  one row per gap
-- params: $1 shop_id bigint, $2 gap_from timestamptz
-- reads:  nothing
-- writes: snapshot.ledger_gap
delete from snapshot.ledger_gap
where shop_id = $1 and gap_from = $2
