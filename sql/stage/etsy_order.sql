-- Says what each receipt asks of Odoo: whether an order is due, and with which total. Only receipts that are new, that
-- changed, or whose shop changed its policy are written.
--
-- grain:  one row per receipt
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_receipt, staging.etsy_transaction, staging.etsy_order, shop.policy
-- writes: staging.etsy_order, staging.etsy_order_line
with changed as (
    select receipt.*, policy.etsy_tax, policy.version as policy_version,
        -- partners of a company are other records than those that all share
        case when policy.partners = 'own' then coalesce('_company_' || policy.company_id, '') else '' end as owner
    from staging.etsy_receipt as receipt
    join shop.policy on policy.shop_id = receipt.shop_id
    left join staging.etsy_order as kept
        on kept.shop_id = receipt.shop_id and kept.receipt_id = receipt.receipt_id
    where receipt.shop_id = any($2)
        and (
            kept.content_hash is distinct from receipt.content_hash
            or kept.policy_version is distinct from policy.version
        )
),
-- tax that Etsy collects is the buyer's money on its way to the state; VAT on a receipt is collected the same way
charge as (
    select changed.shop_id, changed.receipt_id, 1000 as position, 'discount_' || changed.receipt_id as line_key,
        'service_discount' as product_key, 'Etsy coupon' as name, -changed.discount as price_unit, false as is_delivery
    from changed
    where changed.discount <> 0
    union all
    select changed.shop_id, changed.receipt_id, 1001, 'shipping_' || changed.receipt_id, 'service_shipping',
        'Etsy shipping', changed.shipping, true
    from changed
    where changed.shipping <> 0
    union all
    select changed.shop_id, changed.receipt_id, 1002, 'gift_wrap_' || changed.receipt_id, 'service_gift_wrap',
        'Gift wrap', changed.gift_wrap, false
    from changed
    where changed.gift_wrap <> 0
    union all
    select changed.shop_id, changed.receipt_id, 1003, 'etsy_tax_' || changed.receipt_id, 'service_etsy_tax',
        'Tax collected by Etsy', changed.sales_tax + changed.vat, false
    from changed
    where changed.etsy_tax = 'own_line' and changed.sales_tax + changed.vat <> 0
),
-- what the buyer wrote stands below the lines that sell: there it is read before the order is packed, and prints with it
note as (
    select changed.shop_id, changed.receipt_id, 2000 as position, 'note_message_' || changed.receipt_id as line_key,
        concat_ws(e'\n', 'Message from the buyer:', changed.message_from_buyer) as name
    from changed
    where changed.message_from_buyer <> ''
    union all
    select changed.shop_id, changed.receipt_id, 2001, 'note_gift_' || changed.receipt_id,
        concat_ws(e':\n', concat_ws(' from ', 'This order is a gift', changed.gift_sender), changed.gift_message)
    from changed
    where changed.is_gift or changed.gift_message <> ''
),
line as (
    select
        sold.shop_id,
        sold.receipt_id,
        'tx_' || sold.transaction_id as line_key,
        sold.position,
        sold.product_key,
        concat_ws(e'\n', sold.title, nullif(sold.variations, ''), nullif(sold.personalisation, '')) as name,
        sold.quantity::numeric as quantity,
        sold.price as price_unit,
        false as is_delivery,
        sold.transaction_id,
        null::text as display_type
    from staging.etsy_transaction as sold
    join changed on changed.shop_id = sold.shop_id and changed.receipt_id = sold.receipt_id
    union all
    select charge.shop_id, charge.receipt_id, charge.line_key, charge.position, charge.product_key, charge.name,
        1, charge.price_unit, charge.is_delivery, null, null
    from charge
    union all
    select note.shop_id, note.receipt_id, note.line_key, note.position, null, note.name, 0, 0, false, null, 'line_note'
    from note
),
summed as (
    select
        line.shop_id,
        line.receipt_id,
        (count(*) filter (where line.display_type is null))::integer as line_count,
        coalesce(sum(line.quantity) filter (where line.transaction_id is not null), 0) as units,
        sum(line.quantity * line.price_unit) as total
    from line
    group by line.shop_id, line.receipt_id
),
gone as (
    delete from staging.etsy_order_line as old
    using changed
    where old.shop_id = changed.shop_id
        and old.receipt_id = changed.receipt_id
        and not exists (
            select
            from line
            where line.shop_id = old.shop_id and line.receipt_id = old.receipt_id and line.line_key = old.line_key
        )
),
written_lines as (
    insert into staging.etsy_order_line
        (shop_id, receipt_id, line_key, position, product_key, name, quantity, price_unit, is_delivery, transaction_id,
         display_type)
    select line.shop_id, line.receipt_id, line.line_key, line.position, line.product_key, line.name, line.quantity,
        line.price_unit, line.is_delivery, line.transaction_id, line.display_type
    from line
    on conflict (shop_id, receipt_id, line_key) do update
    set
        position = excluded.position,
        product_key = excluded.product_key,
        name = excluded.name,
        quantity = excluded.quantity,
        price_unit = excluded.price_unit,
        is_delivery = excluded.is_delivery,
        transaction_id = excluded.transaction_id,
        display_type = excluded.display_type
),
asked as (
    select
        changed.*,
        coalesce(summed.line_count, 0) as line_count,
        coalesce(summed.units, 0) as units,
        changed.grandtotal
            - case when changed.etsy_tax = 'left_out' then changed.sales_tax + changed.vat else 0 end as total,
        coalesce(summed.total, 0) as line_total
    from changed
    left join summed on summed.shop_id = changed.shop_id and summed.receipt_id = changed.receipt_id
)
insert into staging.etsy_order
    (shop_id, receipt_id, standing, ordered_at, currency, total, line_count, units, customer_key, address_key, residue,
     content_hash, policy_version, staged_in_run)
select
    asked.shop_id,
    asked.receipt_id,
    case
        when asked.is_cancelled then 'cancelled'
        when asked.is_paid then 'due'
        else 'unpaid'
    end,
    asked.created_at,
    asked.currency,
    asked.total,
    asked.line_count,
    asked.units,
    'buyer_' || asked.buyer_user_id || asked.owner,
    'address_' || asked.buyer_user_id || '_' || asked.address_fingerprint || asked.owner,
    asked.total - asked.line_total,
    asked.content_hash,
    asked.policy_version,
    $1
from asked
on conflict (shop_id, receipt_id) do update
set
    standing = excluded.standing,
    ordered_at = excluded.ordered_at,
    currency = excluded.currency,
    total = excluded.total,
    line_count = excluded.line_count,
    units = excluded.units,
    customer_key = excluded.customer_key,
    address_key = excluded.address_key,
    earlier_keys = case
        when coalesce(etsy_order.address_key, etsy_order.customer_key)
            <> coalesce(excluded.address_key, excluded.customer_key)
            then etsy_order.earlier_keys || coalesce(etsy_order.address_key, etsy_order.customer_key)
        else etsy_order.earlier_keys
    end,
    residue = excluded.residue,
    content_hash = excluded.content_hash,
    policy_version = excluded.policy_version,
    staged_in_run = excluded.staged_in_run
