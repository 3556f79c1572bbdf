-- Gathers statistics of the payment accounts as Etsy sent them, before all of their entries are classed.
--
-- grain:  none
-- params: none
-- reads:  staging
-- writes: nothing
analyze staging.etsy_ledger_entry;
analyze staging.etsy_payment;
analyze staging.etsy_payment_adjustment;
