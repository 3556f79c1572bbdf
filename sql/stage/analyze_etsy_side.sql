-- Gathers statistics of the Etsy side, which has just been staged.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.etsy_receipt;
analyze staging.etsy_transaction;
analyze staging.etsy_listing;
analyze staging.etsy_offering;
analyze staging.etsy_order;
analyze staging.etsy_order_line;
analyze staging.etsy_customer;
analyze staging.etsy_product;
