-- Reads how kits are taken apart out of Odoo's database, which has to have the module mrp: of each variant the first
-- phantom bill of materials, as Odoo finds it for a user who sees all companies, and of it the lines for this variant.
--
-- grain:  one row per kit and line of its bill; one for a bill that has none
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  product_product, product_template, uom_uom, mrp_bom, mrp_bom_line, mrp_bom_line_product_template_attribute_value_rel,
--         product_template_attribute_value, product_template_attribute_line, product_attribute, product_variant_combination
-- writes: nothing
copy (
    with bill as (
        select distinct on (product.id)
            product.id as kit_product_id,
            bom.id,
            bom.product_qty,
            unit.factor,
            unit.rounding,
            own.factor as kit_factor
        from mrp_bom as bom
        join product_product as product on product.product_tmpl_id = bom.product_tmpl_id
        join product_template as template on template.id = product.product_tmpl_id
        join uom_uom as unit on unit.id = bom.product_uom_id
        join uom_uom as own on own.id = template.uom_id
        where bom.type = 'phantom'
            and bom.active
            and template.type <> 'service'
            and (bom.product_id is null or bom.product_id = product.id)
        order by product.id, bom.sequence, bom.product_id is null, bom.id
    ),
    -- a line with values is for the variants that have one of each attribute; values that make no variant fit none
    condition as (
        select
            applied.mrp_bom_line_id as line_id,
            array_agg(value.id) as value_ids,
            count(distinct value.attribute_id) as attributes,
            bool_or(attribute.create_variant = 'no_variant') as fits_none
        from mrp_bom_line_product_template_attribute_value_rel as applied
        join product_template_attribute_value as value on value.id = applied.product_template_attribute_value_id
        join product_attribute as attribute on attribute.id = value.attribute_id
        group by applied.mrp_bom_line_id
    ),
    fitting as (
        select bill.kit_product_id, line.id, line.product_id, line.product_qty, line.product_uom_id
        from bill
        join mrp_bom_line as line on line.bom_id = bill.id
        left join condition on condition.line_id = line.id
        where condition.line_id is null
            or (
                not condition.fits_none
                and condition.attributes = (
                    select count(*)
                    from product_variant_combination as combination
                    join product_template_attribute_value as value
                        on value.id = combination.product_template_attribute_value_id
                    join product_template_attribute_line as choice
                        on choice.id = value.attribute_line_id and choice.value_count > 1
                    where combination.product_product_id = bill.kit_product_id
                        and value.id = any (condition.value_ids)
                )
            )
    )
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        bill.kit_product_id,
        bill.product_qty::numeric as bom_quantity,
        bill.factor::numeric as bom_factor,
        bill.rounding::numeric as bom_rounding,
        bill.kit_factor::numeric as kit_factor,
        fitting.product_id as component_id,
        fitting.product_qty::numeric as line_quantity,
        unit.factor::numeric as line_factor,
        unit.rounding::numeric as line_rounding,
        own.factor::numeric as component_factor,
        own.rounding::numeric as component_rounding
    from bill
    left join fitting on fitting.kit_product_id = bill.kit_product_id
    left join uom_uom as unit on unit.id = fitting.product_uom_id
    left join product_product as component on component.id = fitting.product_id
    left join product_template as template on template.id = component.product_tmpl_id
    left join uom_uom as own on own.id = template.uom_id
) to stdout (format binary)
