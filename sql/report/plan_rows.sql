-- Lists the decisions of a plan, the first few of each group, with what a person may see of their actions: no names and
-- no addresses of buyers. A country is looked up in any snapshot that is still there: its code does not change.
--
-- grain:  one row per decision
-- params: $1 run_id bigint, $2 limit bigint (per group; null: all)
-- reads:  journal.decision, snapshot.odoo_country
-- writes: nothing
with numbered as (
    select
        decision.decision_no,
        row_number() over (
            partition by decision.shop_id, decision.subject, decision.decision, decision.action
            order by decision.decision_no
        ) as position
    from journal.decision
    where decision.run_id = $1
),
listed as (
    select
        decision.decision_no,
        decision.shop_id,
        decision.subject,
        decision.key,
        decision.verdict,
        decision.decision,
        decision.action,
        decision.reason,
        decision.amount,
        decision.currency,
        case
            when decision.action = 'create_product' then decision.payload ->> 'name'
            -- a name or SKU that changes stands among the changes
            when decision.action = 'update_product' and not decision.payload ? 'name'
                then decision.before_image ->> 'name'
        end as product_name,
        case
            when decision.action = 'create_product' then decision.payload ->> 'sku'
            when decision.action = 'update_product' and not decision.payload ? 'sku'
                then decision.before_image ->> 'sku'
        end as sku,
        -- a description is too long to be shown
        case when decision.action = 'update_product' then decision.payload #- '{description,text}' end
            as product_update,
        case when decision.action = 'create_customer' then (decision.payload ->> 'country_id')::integer end
            as country_id,
        case when decision.action = 'book_order' then jsonb_array_length(decision.payload -> 'lines') end as lines,
        case when decision.action = 'book_order' then (decision.payload ->> 'ordered_at')::timestamptz end
            as ordered_at,
        case when decision.action = 'book_order' then (decision.payload ->> 'confirm')::boolean end as confirm,
        case when decision.action = 'book_order' then (decision.payload ->> 'taxed_by_odoo')::boolean end as taxed_by_odoo,
        -- what a listing is known by, and the numbers that are set
        case
            when decision.subject = 'inventory'
                then coalesce(decision.before_image ->> 'title', decision.before_image ->> 'sku')
        end as goods,
        case
            when decision.action in ('deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing')
                then decision.payload
        end as quantities,
        case when decision.action = 'count_stock' then decision.payload end as stock_count,
        case when decision.action = 'create_entry' then decision.payload end as entry,
        (decision.payload ->> 'is_renewed')::boolean as is_renewed,
        case when decision.action in ('change_address', 'cancel_order') then (decision.payload ->> 'order_id')::integer end as order_id
    from numbered
    join journal.decision on decision.run_id = $1 and decision.decision_no = numbered.decision_no
    where $2::bigint is null or numbered.position <= $2
),
country as (
    select distinct on (odoo_country.id) odoo_country.id, odoo_country.code
    from snapshot.odoo_country
    order by odoo_country.id, odoo_country.run_id desc
)
select
    listed.*,
    country.code as country
from listed
left join country on country.id = listed.country_id
order by listed.decision_no
