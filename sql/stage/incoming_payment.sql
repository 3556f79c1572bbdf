-- Takes decoded payments in.
--
-- grain:  one row per payment, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_payment
copy incoming_payment (
    shop_id,
    payment_id,
    receipt_id,
    status,
    currency,
    gross,
    fees,
    net,
    posted_currency,
    posted_gross,
    posted_fees,
    posted_net,
    adjusted_currency,
    adjusted_gross,
    adjusted_fees,
    adjusted_net,
    created_at,
    updated_at,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
