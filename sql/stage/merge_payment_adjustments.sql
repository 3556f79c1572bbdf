-- Brings the kept payment adjustments up to date with what came in. The payment and the ledger both bring them.
--
-- grain:  one row per payment adjustment
-- params: none
-- reads:  pg_temp.incoming_payment_adjustment, staging.etsy_payment_adjustment
-- writes: staging.etsy_payment_adjustment
with latest as (
    select distinct on (incoming.shop_id, incoming.payment_adjustment_id) incoming.*
    from incoming_payment_adjustment as incoming
    order by incoming.shop_id, incoming.payment_adjustment_id, incoming.page_id desc
),
changed as (
    select incoming.*
    from latest as incoming
    left join staging.etsy_payment_adjustment as kept on kept.shop_id = incoming.shop_id and kept.payment_adjustment_id = incoming.payment_adjustment_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
)
insert into staging.etsy_payment_adjustment
select changed.*
from changed
on conflict (shop_id, payment_adjustment_id) do update
set
    payment_id = excluded.payment_id,
    status = excluded.status,
    is_success = excluded.is_success,
    amount = excluded.amount,
    shop_amount = excluded.shop_amount,
    buyer_amount = excluded.buyer_amount,
    fee_amount = excluded.fee_amount,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
