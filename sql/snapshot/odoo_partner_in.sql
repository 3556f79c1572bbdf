-- Stores the partners that stand for Etsy buyers and their addresses of Odoo's database, as its COPY sends them.
--
-- grain:  one row per partner
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_partner
copy snapshot.odoo_partner (
    run_id,
    id,
    name,
    parent_id,
    type,
    street,
    street2,
    city,
    zip,
    state_id,
    country_id,
    active,
    x_etsy_buyer_id,
    company_id
) from stdin (format binary)
