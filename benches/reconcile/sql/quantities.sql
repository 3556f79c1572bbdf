-- Makes listings with three offerings each, a product in Odoo for every offering, and its stock. One listing in fifty is sold
-- out, one in a hundred has less stock than Etsy shows, one in a hundred more. Every fifth receipt of the last twenty
-- thousand minutes is not booked yet.
--
-- grain:  one row per listing, offering, product, part, quant and receipt
-- params: $1 shop_id bigint, $2 listings integer, $3 run_id bigint
-- reads:  nothing
-- writes: staging, snapshot
with listing as (
    insert into staging.etsy_listing
        (shop_id, listing_id, state, title, is_digital, quantity, currency, price, updated_at, content_hash, page_id,
         changed_in_run)
    select $1, number.n, case when number.n % 50 = 0 then 'sold_out' else 'active' end, 'Listing ' || number.n, false, 30,
        'USD', 10, timestamptz '2026-11-01 12:00:00+00', 1, number.n / 100 + 1, $3
    from generate_series(1, $2) as number (n)
    returning listing_id
),
page as (
    insert into snapshot.etsy_page
        (page_id, run_id, shop_id, stream, window_from, window_until, row_offset, said_count, row_count, fetched_at, body)
    overriding system value
    select number.n + 1, $3, $1, 'listings_active', timestamptz '2026-11-01', timestamptz '2026-11-01', 0, 100, 100,
        timestamptz '2026-11-26 12:00:00+00', ''
    from generate_series(0, $2 / 100) as number (n)
),
inventory as (
    insert into staging.etsy_inventory (shop_id, listing_id, currency, content_hash, page_id, changed_in_run)
    select $1, listing.listing_id, 'USD', 1, listing.listing_id / 100 + 1, $3
    from listing
),
offering as (
    select
        listing.listing_id,
        '513=size ' || variant.n as variant_key,
        'sku_' || lpad(to_hex(listing.listing_id * 3 + variant.n), 16, '0') as product_key,
        (listing.listing_id * 3 + variant.n)::integer as product_id
    from listing
    cross join generate_series(0, 2) as variant (n)
),
offered as (
    insert into staging.etsy_offering
        (shop_id, listing_id, variant_key, product_key, sku, variations, quantity, price, is_enabled, etsy_product_id,
         etsy_offering_id, quantity_group)
    select $1, offering.listing_id, offering.variant_key, offering.product_key, 'SKU-' || offering.product_id, 'Size',
        case when offering.listing_id % 50 = 0 then 0 else 10 end, 10.50, true, offering.product_id, offering.product_id,
        offering.variant_key
    from offering
),
product as (
    insert into staging.odoo_product (run_id, product_key, copies, product_id, matched_by, name, active)
    select $3, offering.product_key, 1, offering.product_id, 'sku', 'A product', true
    from offering
),
part as (
    insert into staging.odoo_part (run_id, product_id, part_id, per_unit)
    select $3, offering.product_id, offering.product_id, 1
    from offering
),
stock as (
    insert into staging.odoo_stock
    select $3, offering.product_id, 1, stocked.units, stocked.units, stocked.units, stocked.units, 0, 0, 0, 0, 0, false
    from offering
    cross join lateral (
        select case
            when offering.listing_id % 50 = 0 then 0
            when offering.listing_id % 100 = 1 then 7
            when offering.listing_id % 100 = 2 then 12
            else 10
        end as units
    ) as stocked
),
receipt as (
    select number.n as receipt_id, timestamptz '2026-11-26 12:00:00+00' - number.n * interval '1 minute' as ordered_at,
        'sku_' || lpad(to_hex(number.n * 3 + 1), 16, '0') as product_key
    from generate_series(1, least($2, 20000)) as number (n)
),
receipts as (
    insert into staging.etsy_order
        (shop_id, receipt_id, standing, ordered_at, currency, total, line_count, units, customer_key, residue, content_hash,
         policy_version, staged_in_run)
    select $1, receipt.receipt_id, 'due', receipt.ordered_at, 'USD', 10, 1, 1, 'buyer_1', 0, 1, 1, $3
    from receipt
),
line as (
    insert into staging.etsy_order_line
        (shop_id, receipt_id, line_key, position, product_key, name, quantity, price_unit, is_delivery, transaction_id)
    select $1, receipt.receipt_id, 'tx_' || receipt.receipt_id, 1, receipt.product_key, 'A product', 1, 10, false,
        receipt.receipt_id
    from receipt
),
sold as (
    insert into staging.etsy_transaction
        (shop_id, receipt_id, transaction_id, position, listing_id, product_key, variant_key, title, variations,
         personalisation, is_digital, quantity, price)
    select $1, receipt.receipt_id, receipt.receipt_id, 1, receipt.receipt_id, receipt.product_key, '513=size 1', 'A product',
        '', '', false, 1, 10
    from receipt
),
booked as (
    insert into staging.odoo_order
        (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at, currency, total, line_count, units,
         invoice_status, delivery_status)
    select $3, $1, receipt.receipt_id, 1, receipt.receipt_id, 'S1', 'sale', receipt.ordered_at, 'USD', 10, 1, 1, 'no', 'none'
    from receipt
    where receipt.receipt_id % 5 <> 0
),
company as (
    insert into snapshot.odoo_company (run_id, id, name, currency_id, active) values ($3, 1, 'A company', 1, true)
),
watermark as (
    insert into snapshot.watermark (shop_id, stream, proven_until, run_id)
    values ($1, 'receipts', timestamptz '2026-11-26 11:59:30+00', $3)
)
insert into snapshot.odoo_warehouse (run_id, id, name, code, view_location_id, lot_stock_id, company_id, active)
values ($3, 1, 'Main', 'WH', 7, 8, 1, true)
