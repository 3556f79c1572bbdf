-- Puts journal entries into a state.
--
-- grain:  one row per entry
-- params: $1 ids integer[], $2 state text, $3 now timestamp, $4 uid integer
-- reads:  nothing
-- writes: account_move
update account_move as kept set state = $2, write_date = $3, write_uid = $4 where kept.id = any($1)
