-- Makes the tables that decoded pages land in, for this session; a commit empties them.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: pg_temp.incoming_receipt, pg_temp.incoming_transaction, pg_temp.incoming_listing, pg_temp.incoming_offering
create temporary table if not exists incoming_receipt
    (like staging.etsy_receipt) on commit delete rows;
create temporary table if not exists incoming_transaction
    (like staging.etsy_transaction) on commit delete rows;
create temporary table if not exists incoming_listing
    (like staging.etsy_listing) on commit delete rows;
create temporary table if not exists incoming_offering
    (like staging.etsy_offering) on commit delete rows;
