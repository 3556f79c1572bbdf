-- Enters counts at the quants that they are of, as create() in inventory mode does; a quant that is not there is made.
--
-- grain:  one row per quant, in the order of the counts
-- params: $1 counts jsonb, $2 now timestamp, $3 uid integer
-- reads:  stock_location
-- writes: stock_quant
with given as materialized (
    select item.place, count.*
    from jsonb_array_elements($1) with ordinality as item (document, place)
    cross join lateral jsonb_to_record(item.document) as count
        (product_id integer, location_id integer, lot_id integer, package_id integer, owner_id integer,
         inventory_quantity numeric)
), known as materialized (
    select given.place, (
        select quant.id
        from stock_quant as quant
        where quant.product_id = given.product_id
            and quant.location_id = given.location_id
            and quant.lot_id is not distinct from given.lot_id
            and quant.package_id is not distinct from given.package_id
            and quant.owner_id is not distinct from given.owner_id
        order by quant.in_date, quant.id
        limit 1
    ) as quant_id
    from given
), fresh as materialized (
    -- of a place that is counted twice in one call, the last count holds
    select distinct on (product_id, location_id, lot_id, package_id, owner_id)
        given.*, nextval('stock_quant_id_seq')::integer as id
    from given
    join known on known.place = given.place and known.quant_id is null
    order by product_id, location_id, lot_id, package_id, owner_id, given.place desc
), made as (
    insert into stock_quant (id, product_id, company_id, location_id, lot_id, package_id, owner_id, user_id, inventory_date,
        quantity, reserved_quantity, inventory_quantity, inventory_diff_quantity, inventory_quantity_set, in_date,
        create_uid, create_date, write_uid, write_date)
    select fresh.id, fresh.product_id, location.company_id, fresh.location_id, fresh.lot_id, fresh.package_id, fresh.owner_id,
           $3, ($2::timestamp)::date, 0, 0, coalesce(fresh.inventory_quantity, 0), coalesce(fresh.inventory_quantity, 0), true,
           $2, $3, $2, $3, $2
    from fresh
    join stock_location as location on location.id = fresh.location_id
), last_count as (
    select distinct on (known.quant_id) known.quant_id, given.inventory_quantity
    from known
    join given on given.place = known.place
    where known.quant_id is not null
    order by known.quant_id, known.place desc
), entered as (
    update stock_quant as kept
    set inventory_quantity = coalesce(last_count.inventory_quantity, 0),
        inventory_diff_quantity = coalesce(last_count.inventory_quantity, 0) - coalesce(kept.quantity, 0),
        inventory_quantity_set = true, user_id = $3, inventory_date = ($2::timestamp)::date, write_uid = $3, write_date = $2
    from last_count
    where last_count.quant_id = kept.id
), place as (
    select given.place, coalesce(known.quant_id, fresh.id) as id
    from given
    join known on known.place = given.place
    left join fresh
        on fresh.product_id = given.product_id
        and fresh.location_id = given.location_id
        and fresh.lot_id is not distinct from given.lot_id
        and fresh.package_id is not distinct from given.package_id
        and fresh.owner_id is not distinct from given.owner_id
)
select id from place group by id order by min(place)
