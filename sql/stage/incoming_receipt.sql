-- Takes decoded receipts in.
--
-- grain:  one row per receipt, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_receipt
copy incoming_receipt (
    shop_id,
    receipt_id,
    buyer_user_id,
    status,
    is_paid,
    is_shipped,
    created_at,
    updated_at,
    currency,
    grandtotal,
    subtotal,
    total_price,
    shipping,
    sales_tax,
    vat,
    discount,
    gift_wrap,
    refunded,
    name,
    first_line,
    second_line,
    city,
    state,
    zip,
    country_iso,
    address_fingerprint,
    message_from_buyer,
    is_gift,
    gift_message,
    gift_sender,
    content_hash,
    page_id,
    changed_in_run,
    is_cancelled
) from stdin (format binary)
