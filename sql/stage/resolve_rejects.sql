-- Resolves the rejects of what has been read well since.
--
-- grain:  one row per reject
-- params: $1 run_id bigint
-- reads:  pg_temp.incoming_receipt, pg_temp.incoming_listing
-- writes: staging.reject
update staging.reject
set resolved_in_run = $1
where reject.resolved_in_run is null
    and (
        (reject.entity = 'receipt' and exists (
            select
            from incoming_receipt as good
            where good.shop_id = reject.shop_id and good.receipt_id::text = reject.entity_id
        ))
        or (reject.entity = 'listing' and exists (
            select
            from incoming_listing as good
            where good.shop_id = reject.shop_id and good.listing_id::text = reject.entity_id
        ))
    )
