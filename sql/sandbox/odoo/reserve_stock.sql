-- Reserves what is free in the warehouse for the new moves of orders, first come first served.
--
-- grain:  one move line per move and quant
-- params: $1 order_ids integer[], $2 now timestamp, $3 uid integer
-- reads:  stock_picking, stock_picking_type, product_product, product_template, stock_location
-- writes: stock_quant, stock_move_line, stock_move, stock_picking
with demand as materialized (
    select move.id, move.product_id, move.location_id as root, move.picking_id, move.product_qty as wanted,
           template.is_storable is true as is_storable
    from stock_picking as picking
    join stock_move as move on move.picking_id = picking.id and move.state = 'confirmed'
    join product_product as variant on variant.id = move.product_id
    join product_template as template on template.id = variant.product_tmpl_id
    join stock_picking_type as kind on kind.id = picking.picking_type_id and kind.reservation_method = 'at_confirm'
    where picking.sale_id = any($1)
), place as (
    -- Below the warehouse's stock, and nowhere that goods are only counted.
    select root.id as root, child.id
    from stock_location as root
    join stock_location as child on child.parent_path like root.parent_path || '%'
    where root.id in (select root from demand) and child.usage = 'internal' and child.active
      and child.scrap_location is not true
), quant as materialized (
    -- Locked: a second confirmation that wants the same goods has to start again.
    select quant.id, quant.product_id, place.root, quant.location_id, quant.in_date,
           quant.quantity - quant.reserved_quantity as free
    from stock_quant as quant
    join place on place.id = quant.location_id
    where quant.product_id in (select product_id from demand where is_storable)
    for update of quant
), available as (
    select product_id, root, sum(free) as free from quant group by product_id, root
), shelf as (
    select id, product_id, root, location_id,
           sum(free) over (partition by product_id, root order by in_date, id) - free as starts,
           sum(free) over (partition by product_id, root order by in_date, id) as ends
    from quant where free > 0
), queue as (
    select id, product_id, root, sum(wanted) over (partition by product_id, root order by id) - wanted as starts,
           sum(wanted) over (partition by product_id, root order by id) as ends
    from demand where is_storable
), taken as materialized (
    select queue.id as move_id, shelf.id as quant_id, shelf.location_id,
           least(queue.ends, shelf.ends, available.free) - greatest(queue.starts, shelf.starts) as quantity
    from queue
    join shelf on shelf.product_id = queue.product_id and shelf.root = queue.root
    join available on available.product_id = queue.product_id and available.root = queue.root
    where least(queue.ends, shelf.ends, available.free) > greatest(queue.starts, shelf.starts)
    union all
    select id, null, root, wanted from demand where not is_storable
), reserved as (
    update stock_quant as kept
    set reserved_quantity = kept.reserved_quantity + part.quantity, write_date = $2, write_uid = $3
    from (select quant_id, sum(quantity) as quantity from taken group by quant_id) as part
    where part.quant_id = kept.id
), state as materialized (
    select demand.id, demand.picking_id, coalesce(sum(taken.quantity), 0) as quantity,
           case when coalesce(sum(taken.quantity), 0) >= demand.wanted then 'assigned'
                when coalesce(sum(taken.quantity), 0) > 0 then 'partially_available'
                else 'confirmed' end as state
    from demand left join taken on taken.move_id = demand.id
    group by demand.id, demand.picking_id, demand.wanted
), moved as (
    update stock_move as kept set quantity = state.quantity, state = state.state from state where state.id = kept.id
), picked as (
    update stock_picking as kept set state = 'assigned'
    where kept.id in (select picking_id from state where state <> 'confirmed')
)
insert into stock_move_line (picking_id, move_id, company_id, product_id, product_uom_id, location_id, location_dest_id, state,
    reference, quantity, quantity_product_uom, picked, date, create_uid, create_date, write_uid, write_date)
select move.picking_id, move.id, move.company_id, move.product_id, move.product_uom, taken.location_id, move.location_dest_id,
       state.state, move.reference, taken.quantity, taken.quantity, false, $2, $3, $2, $3, $2
from taken
join stock_move as move on move.id = taken.move_id
join state on state.id = move.id
order by move.id, taken.quant_id
