-- Keeps a piece of a file of a closed month.
--
-- grain:  one row
-- params: $1 close_id bigint, $2 name text, $3 piece integer, $4 bytes bytea
-- reads:  nothing
-- writes: journal.period_file
insert into journal.period_file (close_id, name, piece, bytes)
values ($1, $2, $3, $4)
