-- Gives each order finding with what the receipt asks for, line by line, and the order that Odoo has. References to
-- products, customers and the pricelist are Odoo ids where Odoo has them, and null where it does not yet. What stands
-- against the shop's pricelist or tax is a word.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_order, staging.etsy_order_line, staging.odoo_order, staging.odoo_product,
--         staging.odoo_customer, snapshot.odoo_pricelist, snapshot.odoo_currency, snapshot.odoo_company,
--         snapshot.odoo_sale_order, snapshot.odoo_tax, snapshot.odoo_product, snapshot.odoo_product_tax, shop.policy
-- writes: nothing
with finding as (
    select orders.shop_id, orders.key, orders.key::bigint as receipt_id, orders.verdict, orders.standing,
        orders.differences, orders.currency, orders.etsy_amount, orders.odoo_amount
    from diff.finding as orders
    where orders.run_id = $1 and orders.subject = 'orders'
),
product as (
    select there.product_key, there.product_id, there.copies, there.active
    from staging.odoo_product as there
    where there.run_id = $1
),
customer as (
    select there.customer_key, there.partner_id, there.copies, there.active
    from staging.odoo_customer as there
    where there.run_id = $1
),
-- the orders that a person has to choose from
claimants as (
    select finding.shop_id, finding.key, string_agg(claimant.name, ', ' order by claimant.id) as names
    from finding
    join snapshot.odoo_sale_order as claimant
        on claimant.run_id = $1 and claimant.x_etsy_receipt_id = finding.key and claimant.state <> 'cancel'
    where finding.verdict = 'duplicated_in_odoo'
    group by finding.shop_id, finding.key
),
lines as (
    select
        line.shop_id,
        line.receipt_id,
        jsonb_agg(
            jsonb_build_object(
                'line_key', line.line_key,
                'product_key', line.product_key,
                'product_id', case when product.copies = 1 and product.active then product.product_id end,
                'name', line.name,
                'quantity', line.quantity::text,
                'price_unit', line.price_unit::text,
                'is_delivery', line.is_delivery,
                'transaction_id', line.transaction_id
            )
            order by line.position, line.line_key
        ) filter (where line.display_type is null) as lines,
        jsonb_agg(
            jsonb_build_object('line_key', line.line_key, 'text', line.name)
            order by line.position, line.line_key
        ) filter (where line.display_type = 'line_note') as notes
    from finding
    join staging.etsy_order_line as line
        on line.shop_id = finding.shop_id and line.receipt_id = finding.receipt_id
    left join product on product.product_key = line.product_key
    group by line.shop_id, line.receipt_id
),
currency as (
    select odoo_currency.id, odoo_currency.name, odoo_currency.active
    from snapshot.odoo_currency
    where odoo_currency.run_id = $1
),
company as (
    select odoo_company.id, odoo_company.account_price_include, odoo_company.tax_calculation_rounding_method,
        string_to_array(trim(both '/' from odoo_company.parent_path), '/')::integer[] as ancestors
    from snapshot.odoo_company
    where odoo_company.run_id = $1 and odoo_company.active
),
-- a shop that names no company is of the only one there is, or of one that we cannot know
home as (
    select policy.shop_id, company.id as company_id, company.tax_calculation_rounding_method as rounding, coalesce(company.ancestors, array[company.id]) as companies
    from shop.policy
    left join company
        on company.id = coalesce(policy.company_id, (select min(single.id) from company as single having count(*) = 1))
),
-- each pricelist with what stands against it in each shop
offered as (
    select
        policy.shop_id,
        policy.pricelist_id as named_id,
        pricelist.id,
        pricelist.sequence,
        currency.name as currency,
        case
            when not coalesce(pricelist.active, false) then 'archived'
            when policy.company_id is not null and pricelist.company_id <> policy.company_id then 'other_company'
            when not coalesce(currency.active, false) then 'currency_archived'
        end as fault
    from shop.policy
    join snapshot.odoo_pricelist as pricelist on pricelist.run_id = $1
    join currency on currency.id = pricelist.currency_id
    where policy.pricelist_id is null or pricelist.id = policy.pricelist_id
),
asked_for as (
    select distinct finding.shop_id, asked.currency
    from finding
    join staging.etsy_order as asked
        on asked.shop_id = finding.shop_id and asked.receipt_id = finding.receipt_id
),
-- the shop's own pricelist if it names one, else the first of the currency
pricelist as (
    select distinct on (asked_for.shop_id, asked_for.currency)
        asked_for.shop_id,
        asked_for.currency,
        case when offered.fault is null and offered.currency = asked_for.currency then offered.id end as id,
        case
            when offered.id is not null and offered.currency <> asked_for.currency then 'other_currency'
            when offered.id is not null then offered.fault
            when policy.pricelist_id is not null then 'missing'
            when currency.active then 'none'
            else 'currency_archived'
        end as fault
    from asked_for
    join shop.policy on policy.shop_id = asked_for.shop_id
    left join currency on currency.name = asked_for.currency
    left join offered
        on offered.shop_id = asked_for.shop_id
        and (offered.named_id is not null or offered.currency = asked_for.currency)
    order by asked_for.shop_id, asked_for.currency, offered.fault is not null, offered.sequence, offered.id
),
-- the tax that is put on lines must leave their totals as they are; tax must not be added to tax that Etsy collected
tax as (
    select
        policy.shop_id,
        case
            when policy.taxes = 'included' then case
                when odoo_tax.id is null then 'missing'
                when not coalesce(odoo_tax.active, false) then 'archived'
                when odoo_tax.type_tax_use <> 'sale' then 'no_sale_tax'
                when odoo_tax.amount_type not in ('percent', 'division') then 'no_percentage'
                when coalesce(odoo_tax.price_include_override, taxing.account_price_include, '') <> 'tax_included'
                    then 'not_included'
                when home.company_id is null then 'unknown_company'
                when odoo_tax.company_id <> all(home.companies) then 'other_company'
                -- seen in Odoo 18: one order in twenty came out a cent dearer
                when odoo_tax.amount_type = 'division' and home.rounding = 'round_globally' then 'rounds_apart'
            end
            when policy.taxes = 'by_odoo' and policy.etsy_tax = 'own_line' and exists (
                select
                from staging.odoo_product as collected
                join snapshot.odoo_product as variant on variant.run_id = $1 and variant.id = collected.product_id
                join snapshot.odoo_product_tax as taxed
                    on taxed.run_id = $1 and taxed.product_tmpl_id = variant.product_tmpl_id
                where collected.run_id = $1 and collected.product_key = 'service_etsy_tax'
            ) then 'tax_on_tax'
        end as fault
    from shop.policy
    join home on home.shop_id = policy.shop_id
    left join snapshot.odoo_tax on odoo_tax.run_id = $1 and odoo_tax.id = policy.tax_id
    left join company as taxing on taxing.id = odoo_tax.company_id
)
select
    finding.shop_id,
    finding.key,
    finding.receipt_id,
    finding.verdict,
    finding.standing,
    finding.differences,
    finding.currency,
    finding.etsy_amount,
    finding.odoo_amount,
    asked.ordered_at,
    asked.customer_key,
    asked.address_key,
    asked.residue,
    buyer.partner_id,
    coalesce(buyer.copies, 0) as partner_copies,
    buyer_finding.key is not null as partner_is_decided,
    address.partner_id as address_id,
    coalesce(address.copies, 0) as address_copies,
    address_finding.key is not null as address_is_decided,
    pricelist.id as pricelist_id,
    pricelist.fault as pricelist_fault,
    tax.fault as tax_fault,
    coalesce(lines.lines, '[]') as lines,
    coalesce(lines.notes, '[]') as notes,
    there.order_id,
    coalesce(claimants.names, there.order_name) as order_name,
    there.state,
    there.copies,
    there.ordered_at as odoo_ordered_at,
    there.line_count as odoo_line_count,
    there.invoice_status,
    there.delivery_status,
    there.odoo_tax_added,
    there.has_external_id,
    there.shipping_id,
    coalesce(there.shipping_was_asked, false) as shipping_was_asked
from finding
left join staging.etsy_order as asked
    on asked.shop_id = finding.shop_id and asked.receipt_id = finding.receipt_id
left join staging.odoo_order as there
    on there.run_id = $1 and there.shop_id = finding.shop_id and there.receipt_id = finding.receipt_id
left join customer as buyer on buyer.customer_key = asked.customer_key
left join customer as address on address.customer_key = asked.address_key
left join diff.finding as buyer_finding
    on buyer_finding.run_id = $1 and buyer_finding.subject = 'customers'
        and buyer_finding.shop_id = finding.shop_id and buyer_finding.key = asked.customer_key
left join diff.finding as address_finding
    on address_finding.run_id = $1 and address_finding.subject = 'customers'
        and address_finding.shop_id = finding.shop_id and address_finding.key = asked.address_key
left join pricelist on pricelist.shop_id = finding.shop_id and pricelist.currency = asked.currency
left join claimants on claimants.shop_id = finding.shop_id and claimants.key = finding.key
left join tax on tax.shop_id = finding.shop_id
left join lines on lines.shop_id = finding.shop_id and lines.receipt_id = finding.receipt_id
order by finding.shop_id, finding.receipt_id
