-- Gathers statistics of the rows that have just been copied.
--
-- grain:  none
-- params: none
-- reads:  snapshot
-- writes: nothing
analyze snapshot.odoo_company;
analyze snapshot.odoo_currency;
analyze snapshot.odoo_country;
analyze snapshot.odoo_country_state;
analyze snapshot.odoo_lang;
analyze snapshot.odoo_pricelist;
analyze snapshot.odoo_tax;
analyze snapshot.odoo_product_tax;
analyze snapshot.odoo_external_id;
analyze snapshot.odoo_partner;
analyze snapshot.odoo_product;
analyze snapshot.odoo_product_template;
analyze snapshot.odoo_sale_order;
analyze snapshot.odoo_sale_order_line;
analyze snapshot.odoo_stock;
analyze snapshot.odoo_kit;
analyze snapshot.odoo_warehouse;
analyze snapshot.odoo_invoice;
analyze snapshot.odoo_account;
analyze snapshot.odoo_journal;
analyze snapshot.odoo_rate;
analyze snapshot.odoo_entry;
