-- Brings the kept payments up to date with what came in.
--
-- grain:  one row per payment
-- params: none
-- reads:  pg_temp.incoming_payment, staging.etsy_payment
-- writes: staging.etsy_payment
with changed as (
    select incoming.*
    from incoming_payment as incoming
    left join staging.etsy_payment as kept on kept.shop_id = incoming.shop_id and kept.payment_id = incoming.payment_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
)
insert into staging.etsy_payment
select changed.*
from changed
on conflict (shop_id, payment_id) do update
set
    receipt_id = excluded.receipt_id,
    status = excluded.status,
    currency = excluded.currency,
    gross = excluded.gross,
    fees = excluded.fees,
    net = excluded.net,
    posted_currency = excluded.posted_currency,
    posted_gross = excluded.posted_gross,
    posted_fees = excluded.posted_fees,
    posted_net = excluded.posted_net,
    adjusted_currency = excluded.adjusted_currency,
    adjusted_gross = excluded.adjusted_gross,
    adjusted_fees = excluded.adjusted_fees,
    adjusted_net = excluded.adjusted_net,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
