-- Stores how Odoo takes kits apart, as the COPY of its database sends it.
--
-- grain:  one row per kit and line of its bill; one for a bill that has none
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_kit
copy snapshot.odoo_kit (
    run_id,
    kit_product_id,
    bom_quantity,
    bom_factor,
    bom_rounding,
    kit_factor,
    component_id,
    line_quantity,
    line_factor,
    line_rounding,
    component_factor,
    component_rounding
) from stdin (format binary)
