-- Reads the partners that stand for Etsy buyers and their addresses out of Odoo's database.
--
-- grain:  one row per partner
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_partner, ir_model_data
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        name::text,
        parent_id,
        type::text,
        street::text,
        street2::text,
        city::text,
        zip::text,
        state_id,
        country_id,
        active,
        x_etsy_buyer_id::text,
        company_id
    from res_partner
    where x_etsy_buyer_id is not null
        or id in (
            select ir_model_data.res_id
            from ir_model_data
            where ir_model_data.module = 'etsy' and ir_model_data.model = 'res.partner'
        )
) to stdout (format binary)
