-- Stores what holds for one product of a shop instead of its policy.
--
-- grain:  one row
-- params: $1 shop_id bigint, $2 product_key text, $3 label text, $4 buffer numeric, $5 share numeric, $6 floor integer,
--         $7 cap integer, $8 made_to_order integer, $9 is_excluded boolean, $10 frozen text
-- reads:  nothing
-- writes: shop.stock_rule
insert into shop.stock_rule
    (shop_id, product_key, label, buffer, share, floor, cap, made_to_order, is_excluded, frozen)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (shop_id, product_key) do update
set
    label = excluded.label,
    buffer = excluded.buffer,
    share = excluded.share,
    floor = excluded.floor,
    cap = excluded.cap,
    made_to_order = excluded.made_to_order,
    is_excluded = excluded.is_excluded,
    frozen = excluded.frozen
