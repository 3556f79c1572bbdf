-- Reads the journal entries that bear an external id of ours out of Odoo's database, with what their lines come to.
--
-- grain:  one row per entry
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  ir_model_data, account_move, account_move_line
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        split_part(external.name, '_', 2)::bigint as shop_id,
        external.name::text as external_id,
        move.id as move_id,
        -- a draft has none
        nullif(move.name, '/')::text as name,
        move.state::text,
        move.date as dated_on,
        move.currency_id,
        coalesce(sum(line.amount_currency) filter (where line.amount_currency > 0), 0) as debit,
        coalesce(sum(line.balance) filter (where line.balance > 0), 0) as company_debit
    from ir_model_data as external
    join account_move as move on move.id = external.res_id
    left join account_move_line as line on line.move_id = move.id
    where external.module = 'etsy'
        and external.model = 'account.move'
        and external.name ~ '^(payout|month)_[0-9]{1,18}_'
    group by external.name, move.id
) to stdout (format binary)
