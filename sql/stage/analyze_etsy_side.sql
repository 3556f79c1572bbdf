-- Gathers statistics of what else is of the Etsy side, which has just been staged.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.etsy_listing;
analyze staging.etsy_offering;
analyze staging.etsy_customer;
analyze staging.etsy_product;
