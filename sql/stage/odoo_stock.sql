-- Says what may be promised of each product in each warehouse. A kit has what its scarcest part allows, rounded as Odoo's
-- own _compute_quantities_dict rounds it; its own quants, if it has any, count for nothing.
--
-- grain:  one row per product and warehouse; of kits, those in which a part has any
-- params: $1 run_id bigint
-- reads:  snapshot.odoo_stock, snapshot.odoo_kit, staging.odoo_part
-- writes: staging.odoo_stock
with stock as (
    select
        kept.product_id,
        kept.warehouse_id,
        kept.on_hand,
        kept.free,
        kept.on_hand + kept.incoming - kept.outgoing as forecast,
        kept.free_stock - kept.unreserved_out as sellable,
        kept.incoming,
        kept.outgoing,
        kept.unreserved_out,
        kept.consigned
    from snapshot.odoo_stock as kept
    where kept.run_id = $1
),
-- how many of its own units a bill makes
bill as (
    select distinct
        kit.kit_product_id,
        kit.bom_quantity,
        kit.bom_quantity / kit.bom_factor * kit.kit_factor as units
    from snapshot.odoo_kit as kit
    where kit.run_id = $1
),
component as (
    select kit.component_id, max(kit.component_rounding) as rounding
    from snapshot.odoo_kit as kit
    where kit.run_id = $1 and kit.component_id is not null
    group by kit.component_id
),
part as (
    select
        bill.kit_product_id,
        bill.bom_quantity,
        bill.units / bill.bom_quantity as units_per_bom_unit,
        staged.part_id,
        staged.per_unit,
        staged.per_unit * bill.units as per_bill,
        component.rounding
    from bill
    join staging.odoo_part as staged on staged.run_id = $1 and staged.product_id = bill.kit_product_id
    join component on component.component_id = staged.part_id
),
place as (
    select distinct part.kit_product_id, stock.warehouse_id
    from part
    join stock on stock.product_id = part.part_id
),
-- how many bills' worth of each part there is, by each measure
allowed as (
    select
        part.kit_product_id,
        place.warehouse_id,
        part.bom_quantity,
        part.units_per_bom_unit,
        part.rounding,
        measure.name,
        round(coalesce(measure.quantity, 0) / part.per_bill / part.rounding) * part.rounding as bills,
        floor(round(coalesce(measure.quantity, 0) / part.per_unit, 6)) as units
    from part
    join place on place.kit_product_id = part.kit_product_id
    left join stock on stock.product_id = part.part_id and stock.warehouse_id = place.warehouse_id
    cross join lateral (
        values
            ('on_hand', stock.on_hand),
            ('free', stock.free),
            ('forecast', stock.forecast),
            ('sellable', stock.sellable),
            ('incoming', stock.incoming),
            ('outgoing', stock.outgoing)
    ) as measure (name, quantity)
),
scarcest as (
    select
        allowed.kit_product_id,
        allowed.warehouse_id,
        allowed.name,
        -- a dozen is 12.0000000000000005 by Odoo's factors
        floor(round(
            floor(round(min(allowed.bills) * allowed.bom_quantity / max(allowed.rounding)) * max(allowed.rounding))
                * allowed.units_per_bom_unit,
            6
        )) as as_odoo_rounds,
        min(allowed.units) as units
    from allowed
    group by allowed.kit_product_id, allowed.warehouse_id, allowed.name, allowed.bom_quantity,
        allowed.units_per_bom_unit
),
kit as (
    select
        scarcest.kit_product_id as product_id,
        scarcest.warehouse_id,
        max(scarcest.as_odoo_rounds) filter (where scarcest.name = 'on_hand') as on_hand,
        max(scarcest.as_odoo_rounds) filter (where scarcest.name = 'free') as free,
        max(scarcest.as_odoo_rounds) filter (where scarcest.name = 'forecast') as forecast,
        -- what is sold is not rounded up
        max(scarcest.units) filter (where scarcest.name = 'sellable') as sellable,
        max(scarcest.as_odoo_rounds) filter (where scarcest.name = 'incoming') as incoming,
        max(scarcest.as_odoo_rounds) filter (where scarcest.name = 'outgoing') as outgoing
    from scarcest
    group by scarcest.kit_product_id, scarcest.warehouse_id
)
insert into staging.odoo_stock
    (run_id, product_id, warehouse_id, on_hand, free, forecast, sellable, reserved, incoming, outgoing, unreserved_out,
     consigned, is_kit)
select $1, stock.product_id, stock.warehouse_id, stock.on_hand, stock.free, stock.forecast, stock.sellable,
    stock.on_hand - stock.free, stock.incoming, stock.outgoing, stock.unreserved_out, stock.consigned, false
from stock
left join bill on bill.kit_product_id = stock.product_id
where bill.kit_product_id is null
union all
select $1, kit.product_id, kit.warehouse_id, kit.on_hand, kit.free, kit.forecast, kit.sellable, kit.on_hand - kit.free,
    kit.incoming, kit.outgoing, 0, 0, true
from kit
