-- Stores the policy of a shop and moves its version, by which staged orders know that they are of an older one.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 etsy_tax text, $3 order_state text, $4 unknown_product text,
--         $5 cancelled_receipt text, $6 orders_from timestamptz, $7 company_id integer, $8 warehouse_id integer,
--         $9 pricelist_id integer, $10 team_id integer, $11 salesperson_id integer, $12 guard_new_orders integer,
--         $13 guard_changed_share numeric, $14 reread_days integer, $15 ledger_from timestamptz,
--         $16 product_name text, $17 product_description text, $18 product_sku text, $19 product_price text
-- reads:  nothing
-- writes: shop.policy
update shop.policy
set
    version = version + 1,
    etsy_tax = $2,
    order_state = $3,
    unknown_product = $4,
    cancelled_receipt = $5,
    orders_from = $6,
    company_id = $7,
    warehouse_id = $8,
    pricelist_id = $9,
    team_id = $10,
    salesperson_id = $11,
    guard_new_orders = $12,
    guard_changed_share = $13,
    reread_days = $14,
    ledger_from = $15,
    product_name = $16,
    product_description = $17,
    product_sku = $18,
    product_price = $19
where shop_id = $1
