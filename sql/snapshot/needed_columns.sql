-- Lists the columns of Odoo's database that a run reads, and how each stands: whether it is there, whether our role may read
-- it, and of which type it is. `text` stands for any type of text.
--
-- grain:  one row per column
-- params: none
-- reads:  pg_attribute
-- writes: nothing
with needed (table_name, column_name, expected_type) as (
    values
        ('res_company', 'id', 'integer'),
        ('res_company', 'name', 'text'),
        ('res_company', 'currency_id', 'integer'),
        ('res_company', 'active', 'boolean'),
        ('res_currency', 'id', 'integer'),
        ('res_currency', 'name', 'text'),
        ('res_currency', 'decimal_places', 'integer'),
        ('res_currency', 'rounding', 'numeric'),
        ('res_currency', 'active', 'boolean'),
        ('res_country', 'id', 'integer'),
        ('res_country', 'code', 'text'),
        ('res_country_state', 'id', 'integer'),
        ('res_country_state', 'country_id', 'integer'),
        ('res_country_state', 'code', 'text'),
        ('res_country_state', 'name', 'text'),
        ('product_pricelist', 'id', 'integer'),
        ('product_pricelist', 'currency_id', 'integer'),
        ('product_pricelist', 'company_id', 'integer'),
        ('product_pricelist', 'sequence', 'integer'),
        ('product_pricelist', 'active', 'boolean'),
        ('ir_model_data', 'id', 'integer'),
        ('ir_model_data', 'name', 'text'),
        ('ir_model_data', 'model', 'text'),
        ('ir_model_data', 'res_id', 'integer'),
        ('ir_model_data', 'module', 'text'),
        ('res_partner', 'id', 'integer'),
        ('res_partner', 'name', 'text'),
        ('res_partner', 'parent_id', 'integer'),
        ('res_partner', 'type', 'text'),
        ('res_partner', 'street', 'text'),
        ('res_partner', 'street2', 'text'),
        ('res_partner', 'city', 'text'),
        ('res_partner', 'zip', 'text'),
        ('res_partner', 'state_id', 'integer'),
        ('res_partner', 'country_id', 'integer'),
        ('res_partner', 'active', 'boolean'),
        ('res_partner', 'x_etsy_buyer_id', 'text'),
        ('product_product', 'id', 'integer'),
        ('product_product', 'product_tmpl_id', 'integer'),
        ('product_product', 'default_code', 'text'),
        ('product_product', 'barcode', 'text'),
        ('product_product', 'active', 'boolean'),
        ('product_product', 'x_etsy_variant_key', 'text'),
        ('product_template', 'id', 'integer'),
        ('product_template', 'name', 'jsonb'),
        ('product_template', 'type', 'text'),
        ('product_template', 'is_storable', 'boolean'),
        ('product_template', 'active', 'boolean'),
        ('product_template', 'list_price', 'numeric'),
        ('product_template', 'company_id', 'integer'),
        ('product_template', 'x_etsy_listing_id', 'text'),
        ('sale_order', 'id', 'integer'),
        ('sale_order', 'name', 'text'),
        ('sale_order', 'state', 'text'),
        ('sale_order', 'company_id', 'integer'),
        ('sale_order', 'partner_id', 'integer'),
        ('sale_order', 'partner_shipping_id', 'integer'),
        ('sale_order', 'pricelist_id', 'integer'),
        ('sale_order', 'currency_id', 'integer'),
        ('sale_order', 'warehouse_id', 'integer'),
        ('sale_order', 'client_order_ref', 'text'),
        ('sale_order', 'date_order', 'timestamp without time zone'),
        ('sale_order', 'amount_untaxed', 'numeric'),
        ('sale_order', 'amount_tax', 'numeric'),
        ('sale_order', 'amount_total', 'numeric'),
        ('sale_order', 'invoice_status', 'text'),
        ('sale_order', 'delivery_status', 'text'),
        ('sale_order', 'x_etsy_receipt_id', 'text'),
        ('sale_order', 'x_etsy_shop', 'text'),
        ('sale_order_line', 'id', 'integer'),
        ('sale_order_line', 'order_id', 'integer'),
        ('sale_order_line', 'product_id', 'integer'),
        ('sale_order_line', 'display_type', 'text'),
        ('sale_order_line', 'product_uom_qty', 'numeric'),
        ('sale_order_line', 'price_unit', 'numeric'),
        ('sale_order_line', 'price_subtotal', 'numeric'),
        ('sale_order_line', 'price_total', 'numeric'),
        ('sale_order_line', 'is_delivery', 'boolean'),
        ('sale_order_line', 'x_etsy_transaction_id', 'text'),
        ('stock_quant', 'id', 'integer'),
        ('stock_quant', 'product_id', 'integer'),
        ('stock_quant', 'location_id', 'integer'),
        ('stock_quant', 'quantity', 'numeric'),
        ('stock_quant', 'reserved_quantity', 'numeric'),
        ('stock_location', 'id', 'integer'),
        ('stock_location', 'complete_name', 'text'),
        ('stock_location', 'usage', 'text'),
        ('stock_location', 'parent_path', 'text'),
        ('stock_location', 'scrap_location', 'boolean'),
        ('stock_location', 'active', 'boolean'),
        ('stock_location', 'company_id', 'integer'),
        ('stock_warehouse', 'id', 'integer'),
        ('stock_warehouse', 'name', 'text'),
        ('stock_warehouse', 'code', 'text'),
        ('stock_warehouse', 'view_location_id', 'integer'),
        ('stock_warehouse', 'lot_stock_id', 'integer'),
        ('stock_warehouse', 'company_id', 'integer'),
        ('stock_warehouse', 'active', 'boolean'),
        ('ir_module_module', 'name', 'text'),
        ('ir_module_module', 'state', 'text'),
        ('ir_module_module', 'latest_version', 'text')
)
select
    needed.table_name,
    needed.column_name,
    needed.expected_type,
    case
        -- one of ours must not be cut to a length
        when attribute.attname like 'x\_etsy\_%' and attribute.atttypid = 'character varying'::regtype
            and attribute.atttypmod = -1 then 'text'
        when attribute.attname like 'x\_etsy\_%' then format_type(attribute.atttypid, attribute.atttypmod)
        when attribute.atttypid in ('character varying'::regtype, 'text'::regtype, 'character'::regtype) then 'text'
        else format_type(attribute.atttypid, null)
    end as found_type,
    coalesce(has_column_privilege(attribute.attrelid, attribute.attnum, 'select'), false) as is_readable
from needed
left join pg_attribute as attribute
    on attribute.attrelid = to_regclass('public.' || needed.table_name)
    and attribute.attname = needed.column_name
    and not attribute.attisdropped
order by needed.table_name, needed.column_name
