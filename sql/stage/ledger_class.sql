-- Lists which class each known type of Etsy's ledger is of. A type that ends in `_refund` and is not here is of the class of
-- what it gives back. It can be run again for the same run.
--
-- grain:  one row per type
-- params: $1 run_id bigint
-- reads:  staging.ledger_class
-- writes: staging.ledger_class
with known (class, types) as (
    values
        -- what buyers paid, Etsy's tax in it, and what went back to them
        ('sale', 'payment_gross|payment'),
        ('refund', 'refund|refund_gross|chargeback|dispute|case_refund'),
        -- Etsy collects these from the buyer and remits them: they are nobody's revenue
        ('etsy_tax', 'sales_tax|sales_tax_refund|buyer_fee|buyer_fee_refund'),
        -- 6.5 % of goods, postage and gift wrap: `transaction` is the fee, not the sale
        ('fee_transaction', 'transaction|shipping_transaction|gift_wrap_fees'),
        ('fee_processing', 'payment_processing_fee|refund_processing_fee'),
        -- 0.20 for a listing, its renewal, and each further unit sold
        ('fee_listing', 'listing|listing_private|transaction_quantity|renew|renew_sold|renew_sold_auto|renew_expired'
            || '|auto_renew_expired'),
        ('fee_regulatory', 'regulatory_operating_fee'),
        ('fee_other', 'subscription|pattern|etsy_plus|seller_onboarding_fee'),
        ('vat_on_fees', 'vat_seller_services|vat_on_processing_fees|vat_seller_services_refund'
            || '|vat_on_processing_fees_refund|gst_seller_services|gst_on_processing_fees'),
        ('ads', 'offsite_ads_fee|prolist'),
        ('labels', 'shipping_labels|shipping_label|shipping_label_usps_adjustment|shipping_label_usps_adjustment_credit'
            || '|shipping_label_insurance'),
        ('credit', 'seller_driven_traffic_credit|listing_credit|promotional_credit'),
        -- the seller pays a bill of Etsy's by card
        ('deposit', 'billing_payment|deposit'),
        -- Etsy takes what the account owes
        ('recoupment', 'recoup'),
        ('payout', 'disburse|disburse2'),
        ('adjustment', 'adjustment|payment_adjustment|reserve|reserve_release')
)
insert into staging.ledger_class (run_id, ledger_type, class)
select $1, type.ledger_type, known.class
from known
cross join lateral unnest(string_to_array(known.types, '|')) as type (ledger_type)
where not exists (
    select
    from staging.ledger_class as listed
    where listed.run_id = $1 and listed.ledger_type = type.ledger_type
)
