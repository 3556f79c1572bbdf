-- Says which buyers, and which of their addresses, the receipts that are due ask for. The first such receipt of a shop
-- speaks for a buyer: later ones add addresses and change nothing, so that old orders keep theirs. What no receipt of a
-- buyer asks for any more (an address corrected before its order was booked, partners of another policy) is forgotten here;
-- Odoo keeps what it has.
--
-- grain:  one row per shop and buyer, one per shop, buyer and address
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_order, staging.etsy_receipt, shop.policy
-- writes: staging.etsy_customer
with military_post (zip_from, zip_to, state) as (
    values ('090', '099', 'AE'), ('340', '340', 'AA'), ('962', '966', 'AP')
),
touched as (
    select
        asked.shop_id,
        asked.customer_key,
        asked.address_key,
        asked.standing,
        asked.ordered_at,
        receipt.receipt_id,
        receipt.buyer_user_id,
        receipt.name,
        receipt.first_line,
        receipt.second_line,
        receipt.city,
        receipt.zip,
        -- a military post office is in none of the states that people write; its post code says in which it is
        coalesce(military_post.state, receipt.state) as state,
        receipt.country_iso,
        case when policy.partners = 'own' then policy.company_id end as company_id
    from staging.etsy_order as asked
    join staging.etsy_receipt as receipt
        on receipt.shop_id = asked.shop_id and receipt.receipt_id = asked.receipt_id
    join shop.policy on policy.shop_id = asked.shop_id
    left join military_post
        on receipt.country_iso = 'US'
        and receipt.city ~* '\y(apo|fpo|dpo)\y'
        and left(receipt.zip, 3) between military_post.zip_from and military_post.zip_to
    where asked.shop_id = any($2)
        and asked.staged_in_run = $1
),
due as (
    select touched.*
    from touched
    where touched.standing = 'due'
),
buyer as (
    select distinct on (due.shop_id, due.customer_key) due.*
    from due
    order by due.shop_id, due.customer_key, due.ordered_at, due.receipt_id
),
address as (
    select distinct on (due.shop_id, due.address_key) due.*
    from due
    where due.address_key is not null
    order by due.shop_id, due.address_key, due.ordered_at, due.receipt_id
),
forgotten as (
    delete from staging.etsy_customer as old
    using (
        select distinct touched.shop_id, touched.buyer_user_id
        from touched
    ) as buyers
    where old.shop_id = buyers.shop_id
        and old.buyer_user_id = buyers.buyer_user_id
        and not exists (
            select
            from staging.etsy_order as asked
            where asked.shop_id = old.shop_id
                and asked.standing = 'due'
                and asked.customer_key = old.customer_key
        )
        and not exists (
            select
            from staging.etsy_order as asked
            where asked.shop_id = old.shop_id
                and asked.standing = 'due'
                and asked.address_key = old.customer_key
        )
)
insert into staging.etsy_customer
    (shop_id, customer_key, kind, parent_key, buyer_user_id, name, street, street2, city, zip, state, country_iso,
     company_id)
select buyer.shop_id, buyer.customer_key, 'buyer', null::text, buyer.buyer_user_id, buyer.name, buyer.first_line,
    buyer.second_line, buyer.city, buyer.zip, buyer.state, buyer.country_iso, buyer.company_id
from buyer
union all
select address.shop_id, address.address_key, 'address', address.customer_key, address.buyer_user_id, address.name,
    address.first_line, address.second_line, address.city, address.zip, address.state, address.country_iso,
    address.company_id
from address
on conflict (shop_id, customer_key) do nothing
