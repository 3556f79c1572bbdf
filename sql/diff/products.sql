-- Pairs every wanted product with the Odoo product that answers to it, and says how they stand.
--
-- grain:  one row per shop and product key; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_product, staging.odoo_product
-- writes: diff.finding, diff.tally
with etsy_side as (
    select wanted.shop_id, wanted.product_key
    from staging.etsy_product as wanted
    where wanted.shop_id = any($2)
),
odoo_side as (
    select there.product_key, there.copies, there.active
    from staging.odoo_product as there
    where there.run_id = $1
),
judged as (
    select
        etsy_side.shop_id,
        etsy_side.product_key,
        case
            when odoo_side.copies > 1 then 'duplicated_in_odoo'
            when odoo_side.product_key is null then 'missing_in_odoo'
            when not odoo_side.active then 'differs'
            else 'agrees'
        end as verdict
    from etsy_side
    left join odoo_side on odoo_side.product_key = etsy_side.product_key
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
        case when judged.verdict = 'differs' then array['archived'] else '{}' end
    from judged
    where judged.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select $1, 'products', judged.shop_id, judged.verdict, 'due', '', count(*), 0, 0
from judged
group by judged.shop_id, judged.verdict
