-- Says whether any reject of some shops is open.
--
-- grain:  one row
-- params: $1 shop_ids bigint[]
-- reads:  staging.reject
-- writes: nothing
select exists (
    select
    from staging.reject
    where reject.resolved_in_run is null and reject.shop_id = any($1)
) as any_open
