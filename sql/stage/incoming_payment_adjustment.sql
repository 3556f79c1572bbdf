-- Takes decoded payment adjustments in.
--
-- grain:  one row per payment adjustment, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_payment_adjustment
copy incoming_payment_adjustment (
    shop_id,
    payment_adjustment_id,
    payment_id,
    status,
    is_success,
    amount,
    shop_amount,
    buyer_amount,
    fee_amount,
    created_at,
    updated_at,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
