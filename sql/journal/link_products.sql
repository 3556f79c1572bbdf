-- Records what a person said of some product keys.
--
-- grain:  one row per link
-- params: $1 shop_ids bigint[], $2 product_keys text[], $3 labels text[], $4 product_ids integer[] (null: unlinked),
--         $5 said_by text, $6 now timestamptz
-- reads:  nothing
-- writes: journal.product_link
insert into journal.product_link (shop_id, product_key, label, product_id, said_by, linked_at)
select said.shop_id, said.product_key, said.label, said.product_id, $5, $6
from unnest($1::bigint[], $2::text[], $3::text[], $4::integer[]) with ordinality
    as said (shop_id, product_key, label, product_id, position)
order by said.position
