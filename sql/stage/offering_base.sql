-- Remembers where both sides agree, and where Etsy shows fewer than is known to be sold. Where a shop's policy leaves it to
-- its seller, both sides as they are count as agreed. A base that says the same is renewed once a week only: since then
-- every sale has to be counted.
--
-- grain:  one row per offering
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.offering_target, shop.policy
-- writes: staging.offering_base
with judged as (
    select
        target.*,
        -- Etsy moved alone or both did, and the seller is right
        target.moved in ('etsy', 'both') and policy.stock_conflict = 'etsy' as is_let_be
    from staging.offering_target as target
    join staging.stock_comparison as comparison
        on comparison.run_id = $1 and comparison.shop_id = target.shop_id
    join shop.policy on policy.shop_id = target.shop_id
    where target.run_id = $1 and target.obstacle is null and target.observed_at is not null
),
settled as (
    select judged.*, judged.unexplained = 0 and (judged.known = judged.target or judged.is_let_be) as agrees
    from judged
),
changed as (
    select
        settled.*,
        -- what was odd once stays so until sales explain it, or both sides agree
        not settled.agrees
            and (settled.unexplained > 0 or (settled.odd_since is not null and settled.observed < settled.expected))
            as is_odd
    from settled
)
insert into staging.offering_base
    (shop_id, listing_id, variant_key, quantity, target, agreed_at, odd_quantity, odd_since)
select
    changed.shop_id,
    changed.listing_id,
    changed.variant_key,
    case when changed.agrees then changed.observed else changed.base_quantity end,
    case when changed.agrees then changed.target + changed.sold_since_read else changed.base_target end,
    case when changed.agrees then changed.observed_at else changed.agreed_at end,
    case when changed.is_odd then coalesce(changed.odd_quantity, changed.observed) end,
    case when changed.is_odd then coalesce(changed.odd_since, changed.observed_at) end
from changed
where changed.is_odd <> (changed.odd_since is not null)
    or (
        changed.agrees
        and (
            changed.base_quantity is distinct from changed.observed
            or changed.base_target is distinct from changed.target + changed.sold_since_read
            or changed.observed_at > changed.agreed_at + interval '7 days'
        )
    )
on conflict (shop_id, listing_id, variant_key) do update
set
    quantity = excluded.quantity,
    target = excluded.target,
    agreed_at = excluded.agreed_at,
    odd_quantity = excluded.odd_quantity,
    odd_since = excluded.odd_since
