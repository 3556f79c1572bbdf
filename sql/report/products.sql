-- Gives each product key that some shops ask for, with the Odoo product that answers to it, by which rule, and what people
-- have said of it since.
--
-- grain:  one row per product key
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_product, staging.etsy_offering, staging.etsy_listing, staging.odoo_product,
--         snapshot.odoo_product, snapshot.odoo_product_template, journal.current_product_link, journal.decision_state,
--         shop.shop, shop.policy
-- writes: nothing
-- the first shop that asks speaks for the others
with asked as (
    select distinct on (product.product_key)
        product.product_key, product.sku, product.shop_id, product.listing_id, product.variant_key, product.name,
        product.is_digital, product.is_listed
    from staging.etsy_product as product
    where product.shop_id = any($2)
    order by product.product_key, product.is_listed desc, product.shop_id
),
there as (
    select answer.product_key, answer.product_id, answer.copies, answer.matched_by, answer.active, answer.template_id
    from staging.odoo_product as answer
    where answer.run_id = $1
),
place as (
    select distinct offering.product_key, offering.shop_id, offering.listing_id
    from staging.etsy_offering as offering
    join staging.etsy_listing as listing
        on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
    where listing.state in ('active', 'inactive', 'sold_out')
),
listed as (
    select place.product_key, count(*) as listings
    from place
    group by place.product_key
),
-- what leads to the same product in Odoo has one stock
shared as (
    select there.product_id, count(distinct there.product_key) as keys,
        count(distinct (place.shop_id, place.listing_id)) as listings
    from there
    join place on place.product_key = there.product_key
    where there.copies = 1
    group by there.product_id
),
created as (
    select distinct on (decided.key) decided.key, decided.odoo_id
    from journal.decision_state as decided
    where decided.run_id = $1
        and decided.subject = 'products'
        and decided.action = 'create_product'
        and decided.state = 'applied'
        and decided.odoo_id is not null
    order by decided.key, decided.decision_no
),
product as (
    select variant.id, variant.default_code as sku, coalesce(template.name, '') as name
    from snapshot.odoo_product as variant
    join snapshot.odoo_product_template as template
        on template.run_id = $1 and template.id = variant.product_tmpl_id
    where variant.run_id = $1
)
select
    asked.product_key,
    asked.sku,
    asked.shop_id,
    shop.name as shop_name,
    asked.listing_id,
    asked.variant_key,
    asked.name,
    asked.is_digital,
    policy.unknown_product,
    coalesce(shared.listings, listed.listings, 0) as listings,
    coalesce(shared.keys, 1) as keys,
    coalesce(there.copies, 0) as copies,
    there.product_id,
    there.matched_by,
    coalesce(there.active, false) as is_active,
    there.product_id is not null and there.template_id is null as is_gone,
    product.sku as odoo_sku,
    product.name as odoo_name,
    created.odoo_id as created_id,
    link.link_id is not null as was_linked,
    link.product_id as linked_id,
    linked.sku as linked_sku,
    linked.name as linked_name
from asked
join shop.shop on shop.shop_id = asked.shop_id
join shop.policy on policy.shop_id = asked.shop_id
left join there on there.product_key = asked.product_key
left join listed on listed.product_key = asked.product_key
left join shared on shared.product_id = there.product_id and there.copies = 1
left join product on product.id = there.product_id
left join created on created.key = asked.product_key
left join journal.current_product_link as link on link.product_key = asked.product_key
left join product as linked on linked.id = link.product_id
order by shop.name, asked.name, asked.product_key
