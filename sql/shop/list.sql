-- Lists the shops with their policies, by name.
--
-- grain:  one row per shop
-- params: none
-- reads:  shop.shop, shop.policy
-- writes: nothing
select
    shop.shop_id,
    shop.name,
    shop.status,
    policy.etsy_tax,
    policy.order_state,
    policy.unknown_product,
    policy.cancelled_receipt,
    policy.orders_from,
    policy.company_id,
    policy.warehouse_id,
    policy.pricelist_id,
    policy.team_id,
    policy.salesperson_id,
    policy.payment_term_id,
    policy.fiscal_position_id,
    policy.tag_ids,
    policy.taxes,
    policy.tax_id,
    policy.guard_new_orders,
    policy.guard_changed_share,
    policy.reread_days,
    policy.ledger_from,
    policy.language,
    policy.partners,
    policy.product_name,
    policy.product_description,
    policy.product_sku,
    policy.product_price,
    policy.stock_master,
    policy.stock_basis,
    policy.stock_warehouse_ids,
    policy.stock_buffer,
    policy.stock_share,
    policy.stock_floor,
    policy.stock_cap,
    policy.stock_freeze,
    policy.stock_conflict,
    policy.sold_out_listing,
    policy.guard_zeroed_share,
    policy.guard_quantity_share,
    policy.books,
    policy.books_from,
    policy.books_journal,
    policy.accounts
from shop.shop
join shop.policy on policy.shop_id = shop.shop_id
order by shop.name
