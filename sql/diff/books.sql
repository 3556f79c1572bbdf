-- Pairs every entry for the books with the one in Odoo that bears its external id, and says how they stand. An entry is what
-- it was when it comes to the same: what account a line is on is the bookkeeper's business.
-- An entry from before the day from which on entries are made is none, unless Odoo has it.
--
-- grain:  one row per shop and entry; those that agree are counted only
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.book_entry, snapshot.odoo_entry, snapshot.odoo_currency, shop.policy
-- writes: diff.finding, diff.tally
with etsy_side as (
    select entry.shop_id, entry.entry_key, entry.currency, entry.total, entry.standing
    from staging.book_entry as entry
    join shop.policy on policy.shop_id = entry.shop_id and policy.books = 'draft'
    where entry.run_id = $1
        and entry.shop_id = any($2)
        and (
            entry.standing <> 'before_start'
            or exists (
                select
                from snapshot.odoo_entry as there
                where there.run_id = $1 and there.external_id = entry.entry_key
            )
        )
),
odoo_side as (
    select
        there.shop_id,
        there.external_id as entry_key,
        currency.name as currency,
        there.debit,
        there.state
    from snapshot.odoo_entry as there
    left join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = there.currency_id
    where there.run_id = $1
),
compared as (
    select
        coalesce(etsy_side.shop_id, odoo_side.shop_id) as shop_id,
        coalesce(etsy_side.entry_key, odoo_side.entry_key) as entry_key,
        coalesce(etsy_side.currency, odoo_side.currency, '') as currency,
        coalesce(etsy_side.standing, 'due') as standing,
        etsy_side.entry_key is not null as is_on_etsy,
        coalesce(etsy_side.total, 0) as etsy_amount,
        odoo_side.entry_key is not null as is_in_odoo,
        odoo_side.debit as odoo_amount,
        odoo_side.currency as odoo_currency,
        odoo_side.state
    from etsy_side
    full join odoo_side on odoo_side.shop_id = etsy_side.shop_id and odoo_side.entry_key = etsy_side.entry_key
    where etsy_side.shop_id is not null
        or odoo_side.shop_id in (
            select policy.shop_id
            from shop.policy
            where policy.shop_id = any($2) and policy.books = 'draft'
        )
),
judged as (
    select
        compared.*,
        array_remove(array[
            case when compared.state = 'cancel' then 'cancelled' end,
            case when compared.odoo_amount <> compared.etsy_amount then 'total' end,
            case when compared.odoo_currency <> compared.currency then 'currency' end
        ], null) as differences
    from compared
),
verdicts as (
    select
        judged.*,
        case
            when not judged.is_on_etsy then 'missing_in_etsy'
            when not judged.is_in_odoo and judged.standing = 'due' then 'missing_in_odoo'
            when not judged.is_in_odoo then 'outside_window'
            when cardinality(judged.differences) > 0 then 'differs'
            else 'agrees'
        end as verdict
    from judged
),
found as (
    insert into diff.finding
        (run_id, subject, shop_id, key, verdict, standing, differences, currency, etsy_amount, odoo_amount)
    select
        $1,
        'books',
        verdicts.shop_id,
        verdicts.entry_key,
        verdicts.verdict,
        'due',
        case when verdicts.verdict = 'differs' then verdicts.differences else '{}' end,
        verdicts.currency,
        case when verdicts.is_on_etsy then verdicts.etsy_amount end,
        verdicts.odoo_amount
    from verdicts
    where verdicts.verdict <> 'agrees'
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select
    $1,
    'books',
    verdicts.shop_id,
    verdicts.verdict,
    'due',
    verdicts.currency,
    count(*),
    sum(verdicts.etsy_amount),
    coalesce(sum(verdicts.odoo_amount), 0)
from verdicts
group by verdicts.shop_id, verdicts.verdict, verdicts.currency
