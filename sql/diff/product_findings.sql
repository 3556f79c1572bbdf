-- Gives each product finding with what Etsy's side asks for and what Odoo has.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_product, staging.odoo_product, snapshot.odoo_company, snapshot.odoo_currency,
--         shop.policy
-- writes: nothing
-- Odoo keeps sales prices in the company's currency: a price in another one is a wrong figure there, and is left at 0
with company as (
    select
        policy.shop_id,
        currency.name as currency
    from shop.policy
    join lateral (
        select odoo_company.currency_id
        from snapshot.odoo_company
        where odoo_company.run_id = $1
            and (policy.company_id is null or odoo_company.id = policy.company_id)
        order by odoo_company.id
        limit 1
    ) as home on true
    join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = home.currency_id
)
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    wanted.sku,
    wanted.listing_id,
    wanted.variant_key,
    wanted.name,
    wanted.is_digital,
    case when company.currency = wanted.currency then wanted.price else 0 end as price,
    there.product_id,
    there.copies,
    there.name as odoo_name,
    there.matched_by
from diff.finding
join staging.etsy_product as wanted
    on wanted.shop_id = finding.shop_id and wanted.product_key = finding.key
left join staging.odoo_product as there
    on there.run_id = $1 and there.product_key = finding.key
left join company on company.shop_id = finding.shop_id
where finding.run_id = $1 and finding.subject = 'products'
order by finding.shop_id, finding.key
