-- Stores one answer of Etsy as it was received, unless the last one from the same place said the same: that one is marked
-- as seen again.
--
-- grain:  one row per answer of Etsy
-- params: $1 run_id bigint, $2 shop_id bigint, $3 stream text, $4 window_from timestamptz, $5 window_until timestamptz,
--         $6 row_offset integer, $7 said_count integer, $8 row_count integer, $9 fetched_at timestamptz,
--         $10 body bytea (gzip), $11 body_hash bigint
-- reads:  snapshot.etsy_page
-- writes: snapshot.etsy_page
with forerunner as (
    select etsy_page.page_id, etsy_page.body_hash
    from snapshot.etsy_page
    where etsy_page.shop_id = $2 and etsy_page.stream = $3 and etsy_page.row_offset = $6
    order by etsy_page.page_id desc
    limit 1
),
seen_again as (
    update snapshot.etsy_page
    set seen_again_at = $9
    from forerunner
    where etsy_page.page_id = forerunner.page_id and forerunner.body_hash = $11
)
insert into snapshot.etsy_page
    (run_id, shop_id, stream, window_from, window_until, row_offset, said_count, row_count, fetched_at, body, body_hash)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
where not exists (select from forerunner where forerunner.body_hash = $11)
