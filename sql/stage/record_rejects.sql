-- Records what could not be read. What was set aside before for the same reason is not recorded again.
--
-- grain:  one row per thing and reason; the last page that shows it
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 page_ids bigint[], $4 entities text[], $5 entity_ids text[],
--         $6 fields text[], $7 reasons text[]
-- reads:  staging.reject
-- writes: staging.reject
insert into staging.reject (run_id, shop_id, page_id, entity, entity_id, field, reason)
select distinct on (found.shop_id, found.entity, found.entity_id, found.field, found.reason)
    $1, found.shop_id, found.page_id, found.entity, found.entity_id, found.field, found.reason
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
    as found (shop_id, page_id, entity, entity_id, field, reason)
where not exists (
    select
    from staging.reject as open
    where open.resolved_in_run is null
        and open.shop_id = found.shop_id
        and open.entity = found.entity
        and open.entity_id = found.entity_id
        and open.field = found.field
        and open.reason = found.reason
)
order by found.shop_id, found.entity, found.entity_id, found.field, found.reason, found.page_id desc
