-- Adds up what a plan takes off sale and puts on sale on Etsy: units, and what they are worth at the prices of their
-- listings. What is put on sale again goes on sale with all of it.
--
-- grain:  one row per shop, currency and state of the actions
-- params: $1 run_id bigint
-- reads:  journal.decision_state, journal.decision
-- writes: nothing
with listing as (
    select
        decision.shop_id,
        decision.decision_no,
        decision.currency,
        state.state,
        decision.action = 'reactivate_listing' as is_put_on_again,
        coalesce(decision.payload -> 'inventory', decision.payload) -> 'offerings' as offerings
    from journal.decision
    join journal.decision_state as state
        on state.run_id = decision.run_id and state.decision_no = decision.decision_no
    where decision.run_id = $1
        and decision.subject = 'inventory'
        and decision.action in ('deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing')
),
change as (
    select
        listing.shop_id,
        listing.decision_no,
        listing.currency,
        listing.state,
        (offering.value ->> 'wanted')::bigint
            - case when listing.is_put_on_again then 0 else (offering.value ->> 'seen')::bigint end as units,
        (offering.value ->> 'price')::numeric as price
    from listing
    cross join lateral jsonb_array_elements(listing.offerings) as offering (value)
)
select
    change.shop_id,
    change.currency,
    change.state,
    count(distinct change.decision_no) as listings,
    coalesce(sum(-change.units) filter (where change.units < 0), 0)::bigint as units_off,
    coalesce(sum(change.units) filter (where change.units > 0), 0)::bigint as units_on,
    coalesce(sum(-change.units * change.price) filter (where change.units < 0), 0) as revenue_off,
    coalesce(sum(change.units * change.price) filter (where change.units > 0), 0) as revenue_on
from change
group by change.shop_id, change.currency, change.state
order by change.shop_id, change.currency, change.state
