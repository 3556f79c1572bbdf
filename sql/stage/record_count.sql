-- Records what staging came to. A constraint sees that fetched = staged + rejected + repeated.
--
-- grain:  one row per shop and entity
-- params: $1 run_id bigint, $2 shop_id bigint, $3 entity text, $4 fetched bigint, $5 staged bigint, $6 rejected bigint,
--         $7 repeated bigint
-- reads:  nothing
-- writes: staging.count
insert into staging.count (run_id, shop_id, entity, fetched, staged, rejected, repeated)
values ($1, $2, $3, $4, $5, $6, $7)
