-- Stores what stands at the stock locations of Odoo's warehouses, as its COPY sends it.
--
-- grain:  one row per product and stock location
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_countable
copy snapshot.odoo_countable (
    run_id,
    product_id,
    location_id,
    quantity,
    has_others,
    is_tracked
) from stdin (format binary)
