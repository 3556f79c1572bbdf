-- Makes a delivery with its moves for every order that sells goods.
--
-- grain:  one delivery per order, one move per line
-- params: $1 order_ids integer[], $2 now timestamp, $3 uid integer
-- reads:  sale_order, sale_order_line, product_product, product_template, uom_uom, stock_warehouse, stock_picking_type
-- writes: procurement_group, stock_picking, stock_move, sale_order
with demand as materialized (
    select line.id as line_id, line.order_id, line.sequence, line.product_id, line.product_uom, line.product_uom_qty, line.name,
           template.description_sale, line.product_uom_qty / sold_in.factor * kept_in.factor as product_qty
    from sale_order_line as line
    join product_product as variant on variant.id = line.product_id
    join product_template as template on template.id = variant.product_tmpl_id
    join uom_uom as sold_in on sold_in.id = line.product_uom
    join uom_uom as kept_in on kept_in.id = template.uom_id
    where line.order_id = any($1) and template.type = 'consu' and line.product_uom_qty > 0
), shipment as materialized (
    select booked.*, nextval('procurement_group_id_seq')::integer as group_id, nextval('stock_picking_id_seq')::integer as picking_id,
           'WH/OUT/' || lpad(nextval('ir_sequence_stock_picking_out')::text, 5, '0') as picking_name
    from (
        select booked.id, booked.name, booked.company_id, booked.partner_shipping_id, booked.carrier_id,
               coalesce(booked.commitment_date, $2) as scheduled_at, concat_ws(' - ', booked.name, booked.client_order_ref) as origin,
               house.id as warehouse_id, house.lot_stock_id, kind.id as kind_id, kind.default_location_dest_id as customers
        from sale_order as booked
        join stock_warehouse as house on house.id = coalesce(booked.warehouse_id, 1)
        join stock_picking_type as kind on kind.id = house.out_type_id
        where booked.id in (select order_id from demand)
        order by booked.id
    ) as booked
), grouped as (
    insert into procurement_group (id, partner_id, name, move_type, sale_id, create_uid, create_date, write_uid, write_date)
    select group_id, partner_shipping_id, name, 'direct', id, $3, $2, $3, $2 from shipment
), picking as (
    insert into stock_picking (id, group_id, location_id, location_dest_id, picking_type_id, partner_id, company_id, user_id,
        name, origin, move_type, state, priority, printed, is_locked, scheduled_date, date_deadline, date, sale_id, carrier_id,
        create_uid, create_date, write_uid, write_date)
    select picking_id, group_id, lot_stock_id, customers, kind_id, partner_shipping_id, company_id, null, picking_name, origin,
           'direct', 'confirmed', '0', false, true, scheduled_at, scheduled_at, $2, id, carrier_id, $3, $2, $3, $2
    from shipment
), linked as (
    update sale_order as kept set procurement_group_id = shipment.group_id, delivery_status = 'pending'
    from shipment
    where shipment.id = kept.id
)
insert into stock_move (sequence, company_id, product_id, product_uom, location_id, location_dest_id, location_final_id,
    partner_id, picking_id, group_id, picking_type_id, warehouse_id, name, priority, state, origin, procure_method, reference,
    description_picking, product_qty, product_uom_qty, quantity, picked, scrapped, propagate_cancel, is_inventory, additional,
    date, date_deadline, to_refund, sale_line_id, create_uid, create_date, write_uid, write_date)
select demand.sequence, shipment.company_id, demand.product_id, demand.product_uom, shipment.lot_stock_id, shipment.customers,
       shipment.customers, shipment.partner_shipping_id, shipment.picking_id, shipment.group_id, shipment.kind_id,
       shipment.warehouse_id, demand.name, '0', 'confirmed', shipment.name, 'make_to_stock', shipment.picking_name,
       demand.name, round(demand.product_qty, 2), demand.product_uom_qty, 0, false, false, true, false, false,
       shipment.scheduled_at, shipment.scheduled_at, true, demand.line_id, $3, $2, $3, $2
from demand
join shipment on shipment.id = demand.order_id
order by demand.order_id, demand.sequence, demand.line_id
