-- Gathers statistics of the receipts' money, which has just been laid out.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.receipt_money;
