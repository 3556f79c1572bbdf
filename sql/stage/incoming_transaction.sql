-- Takes decoded transactions in.
--
-- grain:  one row per transaction, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_transaction
copy incoming_transaction (
    shop_id,
    receipt_id,
    transaction_id,
    position,
    listing_id,
    sku,
    product_key,
    variant_key,
    title,
    variations,
    personalisation,
    is_digital,
    quantity,
    price
) from stdin (format binary)
