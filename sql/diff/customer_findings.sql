-- Gives each customer finding with what Etsy's side asks for and what Odoo has. What Odoo has no country or state for stands
-- in the second line of the address, where people and labels have it; a state that only repeats the town is left out.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_customer, staging.odoo_customer, staging.odoo_place, snapshot.odoo_lang, shop.policy
-- writes: nothing
with place as (
    select odoo_place.*
    from staging.odoo_place
    where odoo_place.run_id = $1
),
language as (
    select
        policy.shop_id,
        policy.language,
        exists (
            select
            from snapshot.odoo_lang
            where odoo_lang.run_id = $1 and odoo_lang.active and odoo_lang.code = policy.language
        ) as is_active,
        (
            select string_agg(odoo_lang.code, ', ' order by odoo_lang.code)
            from snapshot.odoo_lang
            where odoo_lang.run_id = $1 and odoo_lang.active
        ) as active_ones
    from shop.policy
    where policy.language is not null
)
select
    finding.shop_id,
    finding.key,
    finding.verdict,
    wanted.kind,
    wanted.parent_key,
    parent.partner_id as parent_id,
    coalesce(parent.copies, 0) as parent_copies,
    parent_finding.key is not null as parent_is_decided,
    count(*) over (partition by finding.key) as claimants,
    wanted.buyer_user_id,
    wanted.name,
    wanted.street,
    nullif(concat_ws(', ', wanted.street2, unplaced.state, place.unknown_country), '') as street2,
    wanted.city,
    wanted.zip,
    place.country_id,
    place.state_id,
    unplaced.state as unknown_state,
    place.unknown_country,
    wanted.country_iso,
    wanted.company_id,
    case when not language.is_active then coalesce(language.active_ones, 'none') end as other_languages,
    there.partner_id,
    there.copies
from diff.finding
join staging.etsy_customer as wanted
    on wanted.shop_id = finding.shop_id and wanted.customer_key = finding.key
left join staging.odoo_customer as there
    on there.run_id = $1 and there.customer_key = finding.key
left join staging.odoo_customer as parent
    on parent.run_id = $1 and parent.customer_key = wanted.parent_key
left join diff.finding as parent_finding
    on parent_finding.run_id = $1 and parent_finding.subject = 'customers'
        and parent_finding.shop_id = finding.shop_id and parent_finding.key = wanted.parent_key
left join place
    on place.country = coalesce(wanted.country_iso, '') and place.state = coalesce(wanted.state, '')
left join language on language.shop_id = finding.shop_id
cross join lateral (
    select case
        when place.unknown_state is null then null
        when staging.plain_words(place.unknown_state) = staging.plain_words(wanted.city) then null
        else place.unknown_state
    end as state
) as unplaced
where finding.run_id = $1 and finding.subject = 'customers'
-- a buyer stands before the addresses that refer to it
order by finding.shop_id, wanted.kind desc, finding.key
