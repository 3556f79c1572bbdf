-- Reads what products say of themselves now. Runs in Odoo's database.
--
-- grain:  one row per product that is there
-- params: $1 product_ids integer[]
-- reads:  public.product_product, public.product_template
-- writes: nothing
with asked as (
    select distinct unnest($1::integer[]) as product_id
)
select
    product.id as product_id,
    product.product_tmpl_id as template_id,
    coalesce(product.active, true) and coalesce(template.active, true) as active,
    product.default_code as sku,
    coalesce(
        template.name ->> 'en_US',
        (select min(translation.value) from jsonb_each_text(template.name) as translation),
        ''
    ) as name,
    coalesce(template.list_price, 0)::numeric as price,
    -- of its words: without markup, and with one space between them
    md5(btrim(regexp_replace(
        replace(replace(replace(replace(replace(replace(
            regexp_replace(
                coalesce(
                    template.description ->> 'en_US',
                    (select min(translation.value) from jsonb_each_text(template.description) as translation),
                    ''
                ),
                '<[^>]*>', ' ', 'g'
            ),
            '&nbsp;', ' '), U&'\00A0', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&'),
        '[ \t\n\r\f\v]+', ' ', 'g'
    ))) as description_hash,
    (
        select count(*)
        from product_product as sibling
        where sibling.product_tmpl_id = product.product_tmpl_id and coalesce(sibling.active, true)
    ) as variants
from asked
join product_product as product on product.id = asked.product_id
join product_template as template on template.id = product.product_tmpl_id
