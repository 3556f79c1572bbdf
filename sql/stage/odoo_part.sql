-- Says what one unit of each product takes out of stock: itself, or for a kit its parts, down to the last level, as Odoo
-- takes it apart: quantities of bills are rounded up to their units of measure on the way. Parts that are not stocked
-- limit nothing and are left out, and so is whatever else is not stocked.
--
-- grain:  one row per product and part of it
-- params: $1 run_id bigint
-- reads:  snapshot.odoo_kit, snapshot.odoo_product, snapshot.odoo_product_template
-- writes: staging.odoo_part
with recursive bill as (
    select distinct kit.kit_product_id, kit.bom_quantity, kit.bom_factor, kit.bom_rounding, kit.kit_factor
    from snapshot.odoo_kit as kit
    where kit.run_id = $1
),
line as (
    select kit.*
    from snapshot.odoo_kit as kit
    where kit.run_id = $1 and kit.component_id is not null
),
stocked as (
    select product.id
    from snapshot.odoo_product as product
    join snapshot.odoo_product_template as template
        on template.run_id = $1 and template.id = product.product_tmpl_id
    where product.run_id = $1 and template.is_storable
),
-- what one bill needs of a component, in the unit of its line
taken_apart (
    kit_product_id, component_id, quantity, line_factor, line_rounding, component_factor, above
) as (
    select
        line.kit_product_id,
        line.component_id,
        line.line_quantity,
        line.line_factor,
        line.line_rounding,
        line.component_factor,
        array[line.kit_product_id]
    from line
    union all
    select
        upper.kit_product_id,
        line.component_id,
        -- a little is let go, for Odoo reckons with floats
        ceil(
            upper.quantity / line.bom_quantity / upper.line_factor * line.bom_factor / line.bom_rounding - 0.000001
        ) * line.bom_rounding * line.line_quantity,
        line.line_factor,
        line.line_rounding,
        line.component_factor,
        upper.above || line.kit_product_id
    from taken_apart as upper
    join line on line.kit_product_id = upper.component_id
    -- a kit that is a part of itself cannot be sold
    where not upper.component_id = any (upper.above)
),
part as (
    select
        taken.kit_product_id,
        taken.component_id,
        sum(
            ceil(taken.quantity / taken.line_rounding - 0.000001) * taken.line_rounding
                / taken.line_factor * taken.component_factor
        ) as quantity
    from taken_apart as taken
    join stocked on stocked.id = taken.component_id
    left join bill on bill.kit_product_id = taken.component_id
    where bill.kit_product_id is null
    group by taken.kit_product_id, taken.component_id
)
insert into staging.odoo_part (run_id, product_id, part_id, per_unit)
select
    $1,
    part.kit_product_id,
    part.component_id,
    -- cut, not rounded: a hair too little keeps what divides exactly
    trunc(part.quantity * bill.bom_factor / bill.bom_quantity / bill.kit_factor, 9)
from part
join bill on bill.kit_product_id = part.kit_product_id
where trunc(part.quantity * bill.bom_factor / bill.bom_quantity / bill.kit_factor, 9) > 0
union all
select $1, stocked.id, stocked.id, 1
from stocked
left join bill on bill.kit_product_id = stocked.id
where bill.kit_product_id is null
