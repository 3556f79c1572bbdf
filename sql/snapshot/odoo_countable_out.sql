-- Reads out of Odoo's database what stands of each product at the stock locations of the warehouses, for those who count it
-- there: without lot, package and owner, and whether there is more.
--
-- grain:  one row per product and stock location, of those that stand there or are kept by lot or serial number
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  stock_quant, stock_warehouse, product_product, product_template
-- writes: nothing
copy (
    with place as (
        select distinct stock_warehouse.lot_stock_id as location_id
        from stock_warehouse
        where stock_warehouse.active
    ),
    standing as (
        select
            quant.product_id,
            quant.location_id,
            coalesce(
                sum(quant.quantity) filter (
                    where quant.lot_id is null and quant.package_id is null and quant.owner_id is null
                ),
                0
            ) as quantity,
            bool_or(
                quant.quantity <> 0
                    and (quant.lot_id is not null or quant.package_id is not null or quant.owner_id is not null)
            ) as has_others
        from stock_quant as quant
        join place on place.location_id = quant.location_id
        group by quant.product_id, quant.location_id
    ),
    tracked as (
        select product.id as product_id
        from product_product as product
        join product_template as template on template.id = product.product_tmpl_id
        where template.tracking <> 'none'
    )
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        standing.product_id,
        standing.location_id,
        round(standing.quantity, 6) as quantity,
        standing.has_others,
        tracked.product_id is not null as is_tracked
    from standing
    left join tracked on tracked.product_id = standing.product_id
    union all
    select current_setting('etsy_odoo.run_id')::bigint, tracked.product_id, place.location_id, 0, false, true
    from tracked
    cross join place
    where not exists (
        select
        from standing
        where standing.product_id = tracked.product_id and standing.location_id = place.location_id
    )
) to stdout (format binary)
