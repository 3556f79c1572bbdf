-- Stores Odoo's stock, as the COPY of what adds it up there (sql/odoo/stock.sql) sends it.
--
-- grain:  one row per product and active warehouse, of those that have quants or open moves
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_stock
copy snapshot.odoo_stock (
    run_id,
    product_id,
    warehouse_id,
    on_hand,
    free,
    incoming,
    outgoing,
    free_stock,
    unreserved_out,
    consigned
) from stdin (format binary)
