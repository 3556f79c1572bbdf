-- Gathers what Etsy shows of each offering that is compared, what both sides last agreed on, and which of Odoo's products it
-- sells. An offering that we wrote to after it was read shows what was read back then.
--
-- grain:  one row per enabled offering of a compared listing
-- params: $1 run_id bigint
-- reads:  staging.compared_listing, staging.etsy_offering, staging.offering_base, staging.odoo_product,
--         staging.odoo_part, shop.stock_rule
-- writes: pg_temp.seen_offering
with stocked as (
    select part.product_id
    from staging.odoo_part as part
    where part.run_id = $1 and part.part_id = part.product_id
),
kit as (
    select distinct part.product_id
    from staging.odoo_part as part
    where part.run_id = $1 and part.part_id <> part.product_id
)
insert into seen_offering
select
    offering.shop_id,
    offering.listing_id,
    offering.variant_key,
    offering.product_key,
    offering.quantity_group,
    offering.price,
    case when base.agreed_at > compared.read_at then base.quantity else offering.quantity end,
    greatest(compared.read_at, base.agreed_at),
    base.quantity,
    base.target,
    base.agreed_at,
    base.odd_quantity,
    base.odd_since,
    case when product.copies = 1 then product.product_id end,
    kit.product_id is not null,
    coalesce(product.matched_by = 'external_id', false),
    case
        when rule.is_excluded then 'excluded'
        when rule.made_to_order is not null then null
        when product.product_id is null then 'unlinked'
        when product.copies > 1 then 'ambiguous'
        when not product.active then 'archived'
        when stocked.product_id is null and kit.product_id is null then 'not_stocked'
    end
from staging.compared_listing as compared
join staging.etsy_offering as offering
    on offering.shop_id = compared.shop_id and offering.listing_id = compared.listing_id
left join staging.offering_base as base
    on base.shop_id = offering.shop_id
    and base.listing_id = offering.listing_id
    and base.variant_key = offering.variant_key
left join shop.stock_rule as rule
    on rule.shop_id = offering.shop_id and rule.product_key = offering.product_key
left join staging.odoo_product as product
    on product.run_id = $1 and product.product_key = offering.product_key
left join stocked on stocked.product_id = product.product_id
left join kit on kit.product_id = product.product_id
where compared.run_id = $1 and offering.is_enabled
