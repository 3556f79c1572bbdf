-- Makes the tables that decoded pages land in, for this session; a commit empties them.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: pg_temp.incoming_receipt, pg_temp.incoming_transaction, pg_temp.incoming_listing, pg_temp.incoming_inventory,
--         pg_temp.incoming_offering, pg_temp.incoming_ledger_entry, pg_temp.incoming_payment,
--         pg_temp.incoming_payment_adjustment, pg_temp.incoming_reference
create temporary table if not exists incoming_receipt
    (like staging.etsy_receipt) on commit delete rows;
create temporary table if not exists incoming_transaction
    (like staging.etsy_transaction) on commit delete rows;
create temporary table if not exists incoming_listing
    (like staging.etsy_listing) on commit delete rows;
create temporary table if not exists incoming_inventory
    (like staging.etsy_inventory) on commit delete rows;
create temporary table if not exists incoming_offering
    (like staging.etsy_offering) on commit delete rows;
create temporary table if not exists incoming_ledger_entry
    (like staging.etsy_ledger_entry) on commit delete rows;
create temporary table if not exists incoming_payment
    (like staging.etsy_payment) on commit delete rows;
create temporary table if not exists incoming_payment_adjustment
    (like staging.etsy_payment_adjustment) on commit delete rows;
create temporary table if not exists incoming_reference
    (like staging.etsy_reference) on commit delete rows;
alter table incoming_receipt alter column is_cancelled drop not null;
