-- Finds the partner that stands for each wanted buyer or address: by external id, or for a buyer by x_etsy_buyer_id.
-- Never by name. A buyer of one company is looked for among its partners, a shared one not among those that were made for
-- a company.
--
-- grain:  one row per customer key that Odoo has
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  snapshot.odoo_partner, snapshot.odoo_external_id, staging.etsy_customer
-- writes: staging.odoo_customer
with wanted as (
    select distinct customer.customer_key, customer.kind, customer.company_id, customer.buyer_user_id::text as buyer
    from staging.etsy_customer as customer
    where customer.shop_id = any($2)
),
partner as (
    select odoo_partner.*
    from snapshot.odoo_partner
    where odoo_partner.run_id = $1
),
of_a_company as (
    select distinct external.res_id as id
    from snapshot.odoo_external_id as external
    where external.run_id = $1 and external.model = 'res.partner' and external.name like 'buyer\_%\_company\_%'
),
candidate as (
    select wanted.customer_key, partner.id, partner.name, partner.active, 1 as rank
    from wanted
    join snapshot.odoo_external_id as external
        on external.run_id = $1 and external.model = 'res.partner' and external.name = wanted.customer_key
    join partner on partner.id = external.res_id
    union all
    select wanted.customer_key, partner.id, partner.name, partner.active, 2
    from wanted
    join partner on partner.x_etsy_buyer_id = wanted.buyer and partner.parent_id is null
    left join of_a_company on of_a_company.id = partner.id
    where wanted.kind = 'buyer'
        and (
            partner.company_id = wanted.company_id
            or (wanted.company_id is null and of_a_company.id is null)
        )
),
best as (
    select candidate.customer_key, min(candidate.rank) as rank
    from candidate
    group by candidate.customer_key
)
insert into staging.odoo_customer (run_id, customer_key, copies, partner_id, name, active)
select
    $1,
    candidate.customer_key,
    count(*)::integer,
    min(candidate.id),
    coalesce((array_agg(candidate.name order by candidate.id))[1], ''),
    coalesce((array_agg(candidate.active order by candidate.id))[1], true)
from candidate
join best on best.customer_key = candidate.customer_key and best.rank = candidate.rank
group by candidate.customer_key
