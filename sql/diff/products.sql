-- Pairs every wanted product with the Odoo product that answers to it, and says how they stand. Of the fields, only those
-- are compared that the shop has given to Etsy, and only for the listing that speaks for the product.
--
-- grain:  one row per shop and product key; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_product, staging.etsy_offering, staging.etsy_listing, staging.odoo_product,
--         staging.product_speaker, shop.policy
-- writes: diff.finding, diff.tally
with etsy_side as (
    select wanted.shop_id, wanted.product_key
    from staging.etsy_product as wanted
    where wanted.shop_id = any($2)
),
odoo_side as (
    select there.product_key, there.product_id, there.copies, there.active, there.matched_by, there.template_id,
        there.name, there.sku, there.price, there.currency, there.description_hash
    from staging.odoo_product as there
    where there.run_id = $1
),
speaker as (
    select said.product_id, said.shop_id, said.product_key, said.name, said.sku, said.description_hash, said.currency,
        said.price
    from staging.product_speaker as said
    where said.run_id = $1
),
-- what a product can have one of, and its listings have several
asked as (
    select offering.shop_id, offering.product_key, listing.currency, min(offering.price) as lowest,
        max(offering.price) as highest
    from staging.etsy_offering as offering
    join staging.etsy_listing as listing
        on listing.shop_id = offering.shop_id and listing.listing_id = offering.listing_id
    join shop.policy on policy.shop_id = offering.shop_id and policy.product_price = 'etsy'
    where offering.shop_id = any($2) and listing.state in ('active', 'inactive', 'sold_out')
    group by offering.shop_id, offering.product_key, listing.currency
),
compared as (
    select
        etsy_side.shop_id,
        etsy_side.product_key,
        odoo_side.product_key is not null as is_there,
        odoo_side.copies,
        array_remove(array[
            case
                -- a person linked it to a product that is not in Odoo any more
                when odoo_side.matched_by = 'link' and odoo_side.template_id is null then 'gone'
                when not odoo_side.active then 'archived'
            end,
            case when policy.product_name = 'etsy' and speaker.name <> odoo_side.name then 'name' end,
            case when policy.product_description = 'etsy' and speaker.description_hash <> odoo_side.description_hash
                then 'description' end,
            case when policy.product_sku = 'etsy' and speaker.sku is distinct from odoo_side.sku
                and speaker.sku is not null then 'sku' end,
            case when policy.product_price = 'etsy' and speaker.currency = odoo_side.currency
                and speaker.price <> odoo_side.price then 'price' end,
            -- a SKU that is new on Etsy, and stays as it was in Odoo
            case when policy.product_sku = 'odoo' and odoo_side.matched_by = 'place' and speaker.sku <> odoo_side.sku
                then 'renumbered' end,
            case when asked.lowest <> voice.price or asked.highest <> voice.price then 'shared_price' end
        ], null) as differences
    from etsy_side
    join shop.policy on policy.shop_id = etsy_side.shop_id
    left join odoo_side on odoo_side.product_key = etsy_side.product_key
    -- what is said of the product by this key itself, and by whichever key it is said
    left join speaker
        on speaker.product_id = odoo_side.product_id
        and speaker.shop_id = etsy_side.shop_id
        and speaker.product_key = etsy_side.product_key
    left join speaker as voice on voice.product_id = odoo_side.product_id
    left join asked
        on asked.shop_id = etsy_side.shop_id
        and asked.product_key = etsy_side.product_key
        and asked.currency = voice.currency
        and odoo_side.currency = voice.currency
),
judged as (
    select
        compared.shop_id,
        compared.product_key,
        compared.differences,
        case
            when compared.copies > 1 then 'duplicated_in_odoo'
            when not compared.is_there then 'missing_in_odoo'
            when cardinality(compared.differences) > 0 then 'differs'
            else 'agrees'
        end as verdict
    from compared
),
found as (
    insert into diff.finding (run_id, subject, shop_id, key, verdict, standing, differences)
    select
        $1,
        'products',
        judged.shop_id,
        judged.product_key,
        judged.verdict,
        'due',
        case when judged.verdict = 'differs' then judged.differences else '{}' end
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select $1, 'products', judged.shop_id, judged.verdict, 'due', '', count(*), 0, 0
from judged
group by judged.shop_id, judged.verdict
