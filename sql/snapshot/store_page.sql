-- Stores one page of Etsy as it was received.
--
-- grain:  one row per answer of Etsy
-- params: $1 run_id bigint, $2 shop_id bigint, $3 stream text, $4 window_from timestamptz, $5 window_until timestamptz,
--         $6 row_offset integer, $7 said_count integer, $8 row_count integer, $9 fetched_at timestamptz,
--         $10 body bytea (gzip)
-- reads:  nothing
-- writes: snapshot.etsy_page
insert into snapshot.etsy_page
    (run_id, shop_id, stream, window_from, window_until, row_offset, said_count, row_count, fetched_at, body)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
