-- Gives each customer finding with what Etsy's side asks for and what Odoo has. A state is looked up in its own country
-- by code, else by name; a country by its code.
--
-- grain:  one row per finding
-- params: $1 run_id bigint
-- reads:  diff.finding, staging.etsy_customer, staging.odoo_customer, snapshot.odoo_country, snapshot.odoo_country_state
-- writes: nothing
with country as (
    select odoo_country.id, upper(odoo_country.code) as code
    from snapshot.odoo_country
    where odoo_country.run_id = $1
),
state as (
    select odoo_country_state.id, odoo_country_state.country_id, lower(odoo_country_state.code) as code,
        lower(odoo_country_state.name) as name
    from snapshot.odoo_country_state
    where odoo_country_state.run_id = $1
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
    wanted.street2,
    wanted.city,
    wanted.zip,
    country.id as country_id,
    coalesce(by_code.id, by_name.id) as state_id,
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
left join country on country.code = upper(wanted.country_iso)
left join state as by_code on by_code.country_id = country.id and by_code.code = lower(wanted.state)
left join lateral (
    select min(state.id) as id
    from state
    where state.country_id = country.id and state.name = lower(wanted.state)
) as by_name on true
where finding.run_id = $1 and finding.subject = 'customers'
-- a buyer stands before the addresses that refer to it
order by finding.shop_id, wanted.kind desc, finding.key
