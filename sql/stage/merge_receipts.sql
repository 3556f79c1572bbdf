-- Brings the kept receipts up to date with what came in. Only what is new or differs is written: the others are found
-- out by one join, and neither locked nor dirtied. What came in holds each receipt once.
--
-- grain:  one row per receipt
-- params: none
-- reads:  pg_temp.incoming_receipt, pg_temp.incoming_transaction, staging.etsy_receipt
-- writes: staging.etsy_receipt, staging.etsy_transaction
with changed as (
    -- a reading that does not say whether the receipt is cancelled leaves what was known
    select incoming.*, coalesce(incoming.is_cancelled, kept.is_cancelled, false) as is_cancelled_now
    from incoming_receipt as incoming
    left join staging.etsy_receipt as kept
        on kept.shop_id = incoming.shop_id and kept.receipt_id = incoming.receipt_id
    where kept.page_id is null
        -- an older page that is read again does not undo a newer one
        or (kept.page_id <= incoming.page_id
            and (kept.content_hash <> incoming.content_hash or kept.is_cancelled <> incoming.is_cancelled))
),
-- a transaction never moves to another receipt, so a changed receipt takes its old lines with it
replaced as (
    delete from staging.etsy_transaction as old
    using changed
    where old.shop_id = changed.shop_id
        and old.receipt_id = changed.receipt_id
        and not exists (
            select
            from incoming_transaction as incoming
            where incoming.shop_id = old.shop_id and incoming.transaction_id = old.transaction_id
        )
),
lines as (
    insert into staging.etsy_transaction
    select distinct on (incoming.shop_id, incoming.transaction_id) incoming.*
    from incoming_transaction as incoming
    join changed on changed.shop_id = incoming.shop_id and changed.receipt_id = incoming.receipt_id
    order by incoming.shop_id, incoming.transaction_id, incoming.receipt_id desc
    on conflict (shop_id, transaction_id) do update
    set
        receipt_id = excluded.receipt_id,
        position = excluded.position,
        listing_id = excluded.listing_id,
        sku = excluded.sku,
        product_key = excluded.product_key,
        variant_key = excluded.variant_key,
        title = excluded.title,
        variations = excluded.variations,
        personalisation = excluded.personalisation,
        is_digital = excluded.is_digital,
        quantity = excluded.quantity,
        price = excluded.price
)
insert into staging.etsy_receipt (
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
)
select
    changed.shop_id,
    changed.receipt_id,
    changed.buyer_user_id,
    changed.status,
    changed.is_paid,
    changed.is_shipped,
    changed.created_at,
    changed.updated_at,
    changed.currency,
    changed.grandtotal,
    changed.subtotal,
    changed.total_price,
    changed.shipping,
    changed.sales_tax,
    changed.vat,
    changed.discount,
    changed.gift_wrap,
    changed.refunded,
    changed.name,
    changed.first_line,
    changed.second_line,
    changed.city,
    changed.state,
    changed.zip,
    changed.country_iso,
    changed.address_fingerprint,
    changed.message_from_buyer,
    changed.is_gift,
    changed.gift_message,
    changed.gift_sender,
    changed.content_hash,
    changed.page_id,
    changed.changed_in_run,
    changed.is_cancelled_now
from changed
on conflict (shop_id, receipt_id) do update
set
    buyer_user_id = excluded.buyer_user_id,
    status = excluded.status,
    is_paid = excluded.is_paid,
    is_shipped = excluded.is_shipped,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    currency = excluded.currency,
    grandtotal = excluded.grandtotal,
    subtotal = excluded.subtotal,
    total_price = excluded.total_price,
    shipping = excluded.shipping,
    sales_tax = excluded.sales_tax,
    vat = excluded.vat,
    discount = excluded.discount,
    gift_wrap = excluded.gift_wrap,
    refunded = excluded.refunded,
    name = excluded.name,
    first_line = excluded.first_line,
    second_line = excluded.second_line,
    city = excluded.city,
    state = excluded.state,
    zip = excluded.zip,
    country_iso = excluded.country_iso,
    address_fingerprint = excluded.address_fingerprint,
    message_from_buyer = excluded.message_from_buyer,
    is_gift = excluded.is_gift,
    gift_message = excluded.gift_message,
    gift_sender = excluded.gift_sender,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run,
    is_cancelled = excluded.is_cancelled
