-- Gives each product finding with what Etsy's side asks for and what Odoo has.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_product, staging.etsy_listing, staging.odoo_product, staging.product_speaker,
--         snapshot.odoo_company, snapshot.odoo_currency, snapshot.odoo_external_id, shop.shop
-- writes: nothing
-- a new product is one of all companies, whose prices are in the currency of the first: a price in another one is a wrong
-- figure there, and is left at 0
with home as (
    select currency.name as currency
    from snapshot.odoo_company as company
    join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = company.currency_id
    where company.run_id = $1
    order by company.id
    limit 1
),
review as (
    select external.res_id as tag_id
    from snapshot.odoo_external_id as external
    where external.run_id = $1 and external.model = 'product.tag' and external.name = 'tag_review'
)
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    finding.differences,
    wanted.sku,
    wanted.listing_id,
    wanted.variant_key,
    case when wanted.listing_id is null then '[Etsy] ' else '[Etsy ' || wanted.listing_id || '] ' end || wanted.name
        as name,
    wanted.is_digital,
    case when home.currency = wanted.currency then wanted.price else 0 end as price,
    case
        when finding.verdict = 'missing_in_odoo' then nullif(made_for.description, '')
        when 'description' = any(finding.differences) then spoken_for.description
    end as description,
    review.tag_id as review_tag_id,
    taken.res_id as taken_by,
    there.product_id,
    coalesce(there.copies, 0) as copies,
    there.matched_by,
    there.template_id,
    there.name as odoo_name,
    there.sku as odoo_sku,
    there.price as odoo_price,
    there.description_hash as odoo_description_hash,
    there.variants,
    said.listing_id as speaking_listing_id,
    speaking_shop.name as speaking_shop,
    said.name as said_name,
    said.sku as said_sku,
    said.price as said_price,
    said.description_hash as said_description_hash
from diff.finding
join staging.etsy_product as wanted
    on wanted.shop_id = finding.shop_id and wanted.product_key = finding.key
left join home on true
left join review on true
left join staging.etsy_listing as made_for
    on made_for.shop_id = wanted.shop_id and made_for.listing_id = wanted.listing_id
left join snapshot.odoo_external_id as taken
    on taken.run_id = $1 and taken.name = finding.key and taken.model = 'product.product'
    and finding.verdict = 'missing_in_odoo'
left join staging.odoo_product as there
    on there.run_id = $1 and there.product_key = finding.key
left join staging.product_speaker as said
    on said.run_id = $1 and said.product_id = there.product_id and there.copies = 1
left join shop.shop as speaking_shop on speaking_shop.shop_id = said.shop_id
left join staging.etsy_listing as spoken_for
    on spoken_for.shop_id = said.shop_id and spoken_for.listing_id = said.listing_id
where finding.run_id = $1 and finding.subject = 'products'
order by finding.shop_id, finding.key
