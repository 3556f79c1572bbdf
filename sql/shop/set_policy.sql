-- Stores the policy of a shop and moves its version, by which staged orders know that they are of an older one.
--
-- grain:  one row per shop
-- params: $1 shop_id bigint, $2 etsy_tax text, $3 order_state text, $4 unknown_product text,
--         $5 cancelled_receipt text, $6 orders_from timestamptz, $7 company_id integer, $8 warehouse_id integer,
--         $9 pricelist_id integer, $10 team_id integer, $11 salesperson_id integer, $12 payment_term_id integer,
--         $13 fiscal_position_id integer, $14 tag_ids integer[], $15 taxes text, $16 tax_id integer,
--         $17 guard_new_orders integer, $18 guard_changed_share numeric, $19 reread_days integer,
--         $20 ledger_from timestamptz, $21 language text, $22 partners text, $23 product_name text,
--         $24 product_description text, $25 product_sku text, $26 product_price text,
--         $27 stock_master text, $28 stock_basis text, $29 stock_warehouse_ids integer[], $30 stock_buffer numeric,
--         $31 stock_share numeric, $32 stock_floor integer, $33 stock_cap integer, $34 stock_freeze text, $35
--         stock_conflict text, $36 sold_out_listing text, $37 guard_zeroed_share numeric, $38 guard_quantity_share
--         numeric, $39 books text, $40 books_from timestamptz, $41 books_journal text, $42 accounts jsonb
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
    payment_term_id = $12,
    fiscal_position_id = $13,
    tag_ids = $14,
    taxes = $15,
    tax_id = $16,
    guard_new_orders = $17,
    guard_changed_share = $18,
    reread_days = $19,
    ledger_from = $20,
    language = $21,
    partners = $22,
    product_name = $23,
    product_description = $24,
    product_sku = $25,
    product_price = $26,
    stock_master = $27,
    stock_basis = $28,
    stock_warehouse_ids = $29,
    stock_buffer = $30,
    stock_share = $31,
    stock_floor = $32,
    stock_cap = $33,
    stock_freeze = $34,
    stock_conflict = $35,
    sold_out_listing = $36,
    guard_zeroed_share = $37,
    guard_quantity_share = $38,
    books = $39,
    books_from = $40,
    books_journal = $41,
    accounts = $42
where shop_id = $1
