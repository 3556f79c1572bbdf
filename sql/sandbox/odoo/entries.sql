-- Creates the functions that name a journal entry, and that tell what a line of one comes to.
--
-- grain:  one function per question
-- params: none
-- reads:  nothing
-- writes: schema sandbox

-- A draft is called by its type, anything else by its number; its reference stands behind it.
create function sandbox.entry_name(entry account_move) returns text language sql stable as
$$
    select case entry.state
               when 'draft' then concat_ws(' ', 'Draft', case entry.move_type
                   when 'entry' then 'Entry' when 'out_invoice' then 'Invoice' when 'out_refund' then 'Credit Note'
                   when 'in_invoice' then 'Bill' when 'in_refund' then 'Vendor Credit Note'
                   when 'out_receipt' then 'Sales Receipt' when 'in_receipt' then 'Purchase Receipt'
               end, nullif(entry.name, ''))
               else coalesce(entry.name, '')
           end || coalesce(' (' || nullif(entry.ref, '') || ')', '')
$$;

-- What one unit of a currency's reference is in it on a day; before the first rate the first one counts.
create function sandbox.rate_on(currency integer, company integer, day date) returns numeric language sql stable as
$$
    select coalesce(
        (select rate from res_currency_rate as quoted
         where quoted.currency_id = currency and coalesce(quoted.company_id, company) = company and quoted.name <= day
         order by quoted.company_id, quoted.name desc limit 1),
        (select rate from res_currency_rate as quoted
         where quoted.currency_id = currency and coalesce(quoted.company_id, company) = company
         order by quoted.company_id, quoted.name limit 1),
        1.0)
$$;

-- The amounts of a line, of which `given` holds any. In the company's own currency the amount decides; in another one a
-- balance that is given stays, and one that is not is the amount at the day's rate, rounded for this line alone.
create function sandbox.line_amounts(
    given jsonb, currency integer, company integer, day date, kept_amount numeric, kept_balance numeric
) returns table (amount_currency numeric, balance numeric) language sql stable as
$$
    with worth as (
        select paid.decimal_places as decimals, own.decimal_places as own_decimals, paid.id = own.id as is_own,
               sandbox.rate_on(paid.id, company, day) / sandbox.rate_on(own.id, company, day) as rate
        from res_company as house
        join res_currency as own on own.id = house.currency_id
        join res_currency as paid on paid.id = currency
        where house.id = company
    ), told as (
        select worth.*, round((given ->> 'amount_currency')::numeric, decimals) as amount,
               round(case
                   when given ? 'balance' then (given ->> 'balance')::numeric
                   when given ?| array['debit', 'credit']
                       then coalesce((given ->> 'debit')::numeric, 0) - coalesce((given ->> 'credit')::numeric, 0)
               end, own_decimals) as balance
        from worth
    )
    select coalesce(amount, case when is_own then balance end, kept_amount),
           coalesce(case when is_own then amount end, balance, round(amount / rate, own_decimals), kept_balance)
    from told
$$;

-- An amount as a message shows it.
create function sandbox.shown_amount(amount numeric, currency integer) returns text language sql stable as
$$
    select case position when 'before' then symbol || chr(160) || digits else digits || chr(160) || symbol end
    from (
        select symbol, position, to_char(amount, 'FM999,999,999,999,999,990'
            || case when decimal_places > 0 then '.' || repeat('0', decimal_places) else '' end) as digits
        from res_currency where id = currency
    ) as shown
$$;
