-- Gathers statistics of the receipts and their orders, which have just been staged. The statements that follow join them,
-- and none of them may take a first import of a hundred thousand for a handful.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.etsy_receipt;
analyze staging.etsy_transaction;
analyze staging.etsy_order;
analyze staging.etsy_order_line;
