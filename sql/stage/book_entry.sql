-- Makes the entries for the books of their lines, and says of each whether it is due, and what is in its way.
--
-- grain:  one row per entry; what comes to nothing is none
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.book_part, staging.book_line, shop.policy, snapshot.watermark, snapshot.ledger_gap,
--         staging.book_home, snapshot.odoo_journal, snapshot.odoo_currency
-- writes: staging.book_entry
with bounded as (
    select
        part.shop_id,
        part.entry_key,
        part.currency,
        part.settlement_id,
        part.settled_by,
        part.dated_on,
        min(part.first_sequence) as first_sequence,
        min(part.first_at) as first_at,
        max(part.last_at) as last_at,
        sum(part.entries) as entries,
        case when bool_and(part.amount is not null) then sum(part.amount) end as amount,
        (array_agg(part.balance_before order by part.first_sequence))[1] as opening_balance,
        (array_agg(part.balance_after order by part.last_sequence desc))[1] as closing_balance
    from staging.book_part as part
    where part.run_id = $1 and part.shop_id = any($2)
    group by part.shop_id, part.entry_key, part.currency, part.settlement_id, part.settled_by, part.dated_on
),
-- each begins with what the one before it ended with, or something is missing between them
following as (
    select
        bounded.*,
        coalesce(
            lag(bounded.closing_balance) over (
                partition by bounded.shop_id, bounded.currency
                order by bounded.first_sequence
            ),
            bounded.opening_balance
        ) as balance_before
    from bounded
),
lined as (
    select
        line.shop_id,
        line.entry_key,
        sum(line.amount) filter (where line.amount > 0) as total,
        case when bool_and(line.company_amount is not null)
            then coalesce(sum(line.company_amount) filter (where line.company_amount > 0), 0) end as company_total,
        string_agg(line.use, ', ' order by line.line_no) filter (where line.account_code is null) as without_code,
        string_agg(distinct line.account_code, ', ') filter (where line.account_id is null) as unknown_codes
    from staging.book_line as line
    where line.run_id = $1 and line.shop_id = any($2)
    group by line.shop_id, line.entry_key
),
home as (
    select home.shop_id, home.company_id, home.root_id, home.locked_until
    from staging.book_home as home
    where home.run_id = $1 and home.shop_id = any($2)
),
journal as (
    select home.shop_id, min(journal.id) as journal_id
    from home
    join shop.policy on policy.shop_id = home.shop_id
    join snapshot.odoo_journal as journal
        on journal.run_id = $1
        and journal.company_id in (home.company_id, home.root_id)
        and journal.code = policy.books_journal
        and journal.type = 'general'
        and journal.active
    group by home.shop_id
),
looked_at as (
    select
        following.*,
        lined.total,
        lined.company_total,
        lined.without_code,
        lined.unknown_codes,
        policy.books,
        policy.books_from,
        policy.books_journal,
        home.company_id,
        home.locked_until,
        journal.journal_id,
        currency.id as currency_id,
        currency.active as currency_is_active,
        mark.proven_until,
        exists (
            select
            from snapshot.ledger_gap as gap
            where gap.shop_id = following.shop_id and gap.gap_from <= following.last_at and gap.gap_until > following.first_at
        ) as has_gap
    from following
    join shop.policy on policy.shop_id = following.shop_id
    left join lined on lined.shop_id = following.shop_id and lined.entry_key = following.entry_key
    left join home on home.shop_id = following.shop_id
    left join journal on journal.shop_id = following.shop_id
    left join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.name = following.currency
    left join snapshot.watermark as mark on mark.shop_id = following.shop_id and mark.stream = 'ledger'
    where lined.entry_key is not null or following.amount is null
),
stopped as (
    select
        looked_at.*,
        case
            when looked_at.has_gap then 'gap'
            when looked_at.amount is null then 'unknown_unit'
            when looked_at.opening_balance + looked_at.amount <> looked_at.closing_balance
                or looked_at.opening_balance <> looked_at.balance_before then 'broken_chain'
            when looked_at.without_code is not null then 'no_account'
            when looked_at.books = 'file' then null
            when looked_at.company_id is null then 'unknown_company'
            when not coalesce(looked_at.currency_is_active, false) then 'unknown_currency'
            when looked_at.journal_id is null then 'unknown_journal'
            when looked_at.unknown_codes is not null then 'unknown_account'
            when looked_at.company_total is null then 'no_rate'
            when looked_at.dated_on <= looked_at.locked_until then 'locked'
        end as obstacle
    from looked_at
)
insert into staging.book_entry
    (run_id, shop_id, entry_key, currency, settlement_id, settled_by, dated_on, first_at, last_at, entries,
     opening_balance, closing_balance, total, company_total, standing, obstacle, detail, company_id, journal_id, currency_id)
select
    $1,
    stopped.shop_id,
    stopped.entry_key,
    stopped.currency,
    stopped.settlement_id,
    stopped.settled_by,
    stopped.dated_on,
    stopped.first_at,
    stopped.last_at,
    stopped.entries,
    stopped.opening_balance,
    stopped.closing_balance,
    stopped.total,
    stopped.company_total,
    case
        when stopped.dated_on < (stopped.books_from at time zone 'UTC')::date then 'before_start'
        -- something of the month may still come
        when stopped.settlement_id is null
            and coalesce(stopped.proven_until, '-infinity') < (stopped.dated_on + 1)::timestamp at time zone 'UTC' then 'open'
        else 'due'
    end,
    stopped.obstacle,
    case stopped.obstacle
        when 'no_account' then stopped.without_code
        when 'unknown_currency' then stopped.currency
        when 'unknown_journal' then coalesce(stopped.books_journal, '')
        when 'unknown_account' then stopped.unknown_codes
        when 'no_rate' then stopped.currency
        when 'locked' then stopped.locked_until::text
        else ''
    end,
    stopped.company_id,
    stopped.journal_id,
    stopped.currency_id
from stopped
