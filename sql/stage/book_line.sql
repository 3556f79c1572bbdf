-- Makes the lines of the entries for the books: a class of the payment account on the account that the shop names for it,
-- with the sign turned, since what comes to the payment account leaves the other one; and the balance of the payment
-- account, brought forward and carried forward.
--
-- grain:  one row per entry and line; what comes to nothing has none
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.book_part, staging.book_home, shop.policy, snapshot.odoo_account, snapshot.odoo_currency,
--         snapshot.odoo_rate
-- writes: staging.book_line
with book_use (line_no, use, stand_in) as (
    values
        (1, 'brought_forward', null),
        (2, 'sale', null),
        (3, 'refund', 'sale'),
        (4, 'etsy_tax', 'sale'),
        (5, 'fee_transaction', 'fees'),
        (6, 'fee_processing', 'fees'),
        (7, 'fee_listing', 'fees'),
        (8, 'fee_regulatory', 'fees'),
        (9, 'fee_other', 'fees'),
        (10, 'vat_on_fees', 'fees'),
        (11, 'ads', 'fees'),
        (12, 'labels', 'fees'),
        (13, 'credit', 'fees'),
        (14, 'deposit', 'payout'),
        (15, 'recoupment', 'payout'),
        (16, 'payout', null),
        (17, 'adjustment', null),
        (18, 'suspense', null),
        (19, 'carried_forward', null)
),
home as (
    select home.shop_id, home.root_id, home.currency_id, home.rounding
    from staging.book_home as home
    where home.run_id = $1 and home.shop_id = any($2)
),
bounded as (
    select
        part.shop_id,
        part.entry_key,
        part.currency,
        part.dated_on,
        sum(part.entries) as entries,
        (array_agg(part.balance_before order by part.first_sequence))[1] as opening_balance,
        (array_agg(part.balance_after order by part.last_sequence desc))[1] as closing_balance
    from staging.book_part as part
    where part.run_id = $1 and part.shop_id = any($2)
    group by part.shop_id, part.entry_key, part.currency, part.dated_on
),
summed as (
    select part.shop_id, part.entry_key, part.currency, part.dated_on, part.class as use, part.entries, -part.amount as amount
    from staging.book_part as part
    where part.run_id = $1 and part.shop_id = any($2)
    union all
    select bounded.shop_id, bounded.entry_key, bounded.currency, bounded.dated_on, 'brought_forward', 0, -bounded.opening_balance
    from bounded
    union all
    select bounded.shop_id, bounded.entry_key, bounded.currency, bounded.dated_on, 'carried_forward', 0, bounded.closing_balance
    from bounded
),
dated as (
    select distinct summed.shop_id, summed.currency, summed.dated_on, home.root_id, home.currency_id as company_currency_id,
        home.rounding, currency.id as currency_id
    from summed
    join home on home.shop_id = summed.shop_id
    join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.name = summed.currency
),
asked as (
    select dated.root_id, dated.dated_on, dated.currency_id
    from dated
    union
    select dated.root_id, dated.dated_on, dated.company_currency_id
    from dated
),
-- of which day Odoo takes the rate: the last one up to then, else the first there is
-- (https://github.com/odoo/odoo/blob/18.0/odoo/addons/base/models/res_currency.py, `_get_rates`)
rate_of_day as (
    select asked.root_id, asked.dated_on, asked.currency_id, taken.rate
    from asked
    cross join lateral (
        select rate.rate
        from snapshot.odoo_rate as rate
        where rate.run_id = $1
            and rate.currency_id = asked.currency_id
            and (rate.company_id is null or rate.company_id = asked.root_id)
        order by rate.rated_on > asked.dated_on, rate.company_id nulls last,
            case when rate.rated_on <= asked.dated_on then rate.rated_on end desc, rate.rated_on
        limit 1
    ) as taken
),
rated as (
    select
        dated.shop_id,
        dated.currency,
        dated.dated_on,
        dated.rounding,
        case
            when dated.currency_id = dated.company_currency_id then 1
            -- a currency without rates is the one that the others are rated in
            else foreign_rate.rate / coalesce(own_rate.rate, 1)
        end as rate
    from dated
    left join rate_of_day as foreign_rate
        on foreign_rate.root_id = dated.root_id
        and foreign_rate.dated_on = dated.dated_on
        and foreign_rate.currency_id = dated.currency_id
    left join rate_of_day as own_rate
        on own_rate.root_id = dated.root_id
        and own_rate.dated_on = dated.dated_on
        and own_rate.currency_id = dated.company_currency_id
),
converted as (
    select
        summed.shop_id,
        summed.entry_key,
        summed.currency,
        book_use.line_no,
        summed.use,
        summed.entries,
        summed.amount,
        round(summed.amount / rated.rate / rated.rounding) * rated.rounding as company_amount,
        case
            when summed.use in ('brought_forward', 'carried_forward') then policy.accounts ->> 'carried_forward'
            else coalesce(policy.accounts ->> summed.use, policy.accounts ->> book_use.stand_in)
        end as account_code
    from summed
    join book_use on book_use.use = summed.use
    join shop.policy on policy.shop_id = summed.shop_id
    left join rated
        on rated.shop_id = summed.shop_id and rated.currency = summed.currency and rated.dated_on = summed.dated_on
    where summed.amount is null or summed.amount <> 0
),
-- rounded line by line they need not come to nothing: the largest line takes what is left, so that Odoo takes the entry
balanced as (
    select
        converted.*,
        sum(converted.company_amount) over entry as left_over,
        row_number() over (
            partition by converted.shop_id, converted.entry_key
            order by abs(converted.amount) desc, converted.line_no
        ) = 1 as is_largest
    from converted
    window entry as (partition by converted.shop_id, converted.entry_key)
)
insert into staging.book_line
    (run_id, shop_id, entry_key, line_no, use, entries, amount, company_amount, account_code, account_id)
select
    $1,
    balanced.shop_id,
    balanced.entry_key,
    balanced.line_no,
    balanced.use,
    balanced.entries,
    balanced.amount,
    balanced.company_amount - case when balanced.is_largest then balanced.left_over else 0 end,
    balanced.account_code,
    account.account_id
from balanced
left join home on home.shop_id = balanced.shop_id
left join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.name = balanced.currency
left join lateral (
    select there.account_id
    from snapshot.odoo_account as there
    where there.run_id = $1
        and there.company_id = home.root_id
        and there.code = balanced.account_code
        and not there.deprecated
        -- Odoo takes no other currency on an account that has one
        and (there.currency_id is null or there.currency_id = currency.id)
    order by there.account_id
    limit 1
) as account on true
where balanced.amount is not null
