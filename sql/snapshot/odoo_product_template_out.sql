-- Reads the product templates out of Odoo's database.
--
-- grain:  one row per template, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  product_template
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        coalesce(name ->> 'en_US', (select min(translation.value) from jsonb_each_text(name) as translation))::text,
        type::text,
        is_storable,
        active,
        list_price,
        company_id,
        x_etsy_listing_id::text,
        -- of its words: without markup, and with one space between them
        md5(btrim(regexp_replace(
            replace(replace(replace(replace(replace(replace(
                regexp_replace(
                    coalesce(
                        description ->> 'en_US',
                        (select min(translation.value) from jsonb_each_text(description) as translation),
                        ''
                    ),
                    '<[^>]*>', ' ', 'g'
                ),
                '&nbsp;', ' '), U&'\00A0', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&'),
            '[ \t\n\r\f\v]+', ' ', 'g'
        )))
    from product_template
) to stdout (format binary)
