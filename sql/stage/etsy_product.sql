-- Says which products the listings and the due orders of some shops ask for. A listing speaks before a sale: its title
-- and price are of today. Drafts and expired listings ask for nothing, and what nobody asks for any more goes.
--
-- grain:  one row per shop and product key
-- params: $1 shop_ids bigint[]
-- reads:  staging.etsy_listing, staging.etsy_offering, staging.etsy_transaction, staging.etsy_order
-- writes: staging.etsy_product
with listed as (
    select
        offering.shop_id,
        offering.product_key,
        offering.sku,
        offering.listing_id,
        offering.variant_key,
        concat_ws(', ', listing.title, nullif(offering.variations, '')) as name,
        listing.is_digital,
        listing.currency,
        offering.price,
        1 as rank,
        listing.listing_id as tie
    from staging.etsy_offering as offering
    join staging.etsy_listing as listing
        on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
    where offering.shop_id = any($1)
        and listing.state in ('active', 'inactive', 'sold_out')
),
-- keys first: the words of every line would have to be sorted to find the first of each product
first_sold as (
    select line.shop_id, line.product_key, min(line.transaction_id) as transaction_id
    from staging.etsy_transaction as line
    join staging.etsy_order as asked
        on asked.shop_id = line.shop_id and asked.receipt_id = line.receipt_id
    where line.shop_id = any($1)
        and asked.standing = 'due'
        and line.product_key <> 'placeholder'
    group by line.shop_id, line.product_key
),
sold as (
    select
        line.shop_id,
        line.product_key,
        line.sku,
        line.listing_id,
        line.variant_key,
        concat_ws(', ', line.title, nullif(line.variations, '')) as name,
        line.is_digital,
        asked.currency,
        line.price,
        2 as rank,
        line.transaction_id as tie
    from first_sold
    join staging.etsy_transaction as line
        on line.shop_id = first_sold.shop_id and line.transaction_id = first_sold.transaction_id
    join staging.etsy_order as asked
        on asked.shop_id = line.shop_id and asked.receipt_id = line.receipt_id
),
wanted as (
    select distinct on (either.shop_id, either.product_key) either.*
    from (select * from listed union all select * from sold) as either
    -- variants that share a SKU tie on their listing
    order by either.shop_id, either.product_key, either.rank, either.tie, either.variant_key
),
gone as (
    delete from staging.etsy_product as old
    where old.shop_id = any($1)
        and not exists (
            select
            from wanted
            where wanted.shop_id = old.shop_id and wanted.product_key = old.product_key
        )
)
insert into staging.etsy_product
    (shop_id, product_key, sku, listing_id, variant_key, name, is_digital, currency, price, is_listed)
select wanted.shop_id, wanted.product_key, wanted.sku, wanted.listing_id, wanted.variant_key, wanted.name,
    wanted.is_digital, wanted.currency, wanted.price, wanted.rank = 1
from wanted
on conflict (shop_id, product_key) do update
set
    sku = excluded.sku,
    listing_id = excluded.listing_id,
    variant_key = excluded.variant_key,
    name = excluded.name,
    is_digital = excluded.is_digital,
    currency = excluded.currency,
    price = excluded.price,
    is_listed = excluded.is_listed
where (etsy_product.sku, etsy_product.listing_id, etsy_product.variant_key, etsy_product.name, etsy_product.is_digital,
        etsy_product.currency, etsy_product.price, etsy_product.is_listed)
    is distinct from (excluded.sku, excluded.listing_id, excluded.variant_key, excluded.name, excluded.is_digital,
        excluded.currency, excluded.price, excluded.is_listed)
