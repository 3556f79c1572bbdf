-- Forgets the entries for the books that an earlier try of the same run made.
--
-- grain:  one row per home, part, line and entry
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  nothing
-- writes: staging.book_home, staging.book_part, staging.book_line, staging.book_entry
with gone_home as (delete from staging.book_home where run_id = $1 and shop_id = any($2)),
gone_part as (delete from staging.book_part where run_id = $1 and shop_id = any($2)),
gone_line as (delete from staging.book_line where run_id = $1 and shop_id = any($2))
delete from staging.book_entry
where run_id = $1 and shop_id = any($2)
