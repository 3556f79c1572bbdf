-- Says which buyers, and which of their addresses, the receipts that are due ask for. The first such receipt of a shop
-- speaks for a buyer: later ones add addresses and change nothing, so that old orders keep theirs.
--
-- grain:  one row per shop and buyer, one per shop, buyer and address
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.etsy_receipt
-- writes: staging.etsy_customer
with touched as (
    select
        asked.shop_id,
        asked.customer_key,
        asked.address_key,
        asked.ordered_at,
        receipt.receipt_id,
        receipt.buyer_user_id,
        receipt.name,
        receipt.first_line,
        receipt.second_line,
        receipt.city,
        receipt.zip,
        receipt.state,
        receipt.country_iso
    from staging.etsy_order as asked
    join staging.etsy_receipt as receipt
        on receipt.shop_id = asked.shop_id and receipt.receipt_id = asked.receipt_id
    where asked.shop_id = any($2)
        and asked.staged_in_run = $1
        and asked.standing = 'due'
),
buyer as (
    select distinct on (touched.shop_id, touched.customer_key) touched.*
    from touched
    order by touched.shop_id, touched.customer_key, touched.ordered_at, touched.receipt_id
),
address as (
    select distinct on (touched.shop_id, touched.address_key) touched.*
    from touched
    where touched.address_key is not null
    order by touched.shop_id, touched.address_key, touched.ordered_at, touched.receipt_id
)
insert into staging.etsy_customer
    (shop_id, customer_key, kind, parent_key, buyer_user_id, name, street, street2, city, zip, state, country_iso)
select buyer.shop_id, buyer.customer_key, 'buyer', null::text, buyer.buyer_user_id, buyer.name, buyer.first_line,
    buyer.second_line, buyer.city, buyer.zip, buyer.state, buyer.country_iso
from buyer
union all
select address.shop_id, address.address_key, 'address', address.customer_key, address.buyer_user_id, address.name,
    address.first_line, address.second_line, address.city, address.zip, address.state, address.country_iso
from address
on conflict (shop_id, customer_key) do nothing
