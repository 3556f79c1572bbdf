-- Says what of the company, the journal and the accounts that entries for the books need is wrong. No row: nothing.
--
-- grain:  one row per fault
-- params: $1 company_id integer (null: the only one), $2 journal text (its short code), $3 codes text[] (of accounts)
-- reads:  res_company, account_journal, account_account, account_account_res_company_rel
-- writes: nothing
with home as (
    select company.id as company_id, split_part(company.parent_path, '/', 1)::integer as root_id
    from res_company as company
    where company.id = coalesce($1, (select min(one.id) from res_company as one where one.active having count(*) = 1))
),
named as (
    select code.code, code.position
    from unnest($3::text[]) with ordinality as code (code, position)
),
account as (
    select named.code, count(account.id) as found, bool_or(not coalesce(account.deprecated, false)) as is_usable
    from named
    left join home on true
    left join account_account as account
        on account.code_store ->> home.root_id::text = named.code
        and exists (
            select
            from account_account_res_company_rel as belongs
            where belongs.account_account_id = account.id and belongs.res_company_id = home.root_id
        )
    group by named.code
),
fault as (
    select 'company' as what, coalesce($1::text, '') as name, case when $1 is null then 'several' else 'missing' end as fault
    where not exists (select from home)
    union all
    select
        'journal',
        $2,
        coalesce(
            (
                select case when not journal.active then 'archived' when journal.type <> 'general' then 'other_type' end
                from home
                join account_journal as journal
                    on journal.company_id in (home.company_id, home.root_id) and journal.code = $2
                order by journal.active desc, journal.type = 'general' desc
                limit 1
            ),
            case
                when not exists (
                    select
                    from home
                    join account_journal as journal
                        on journal.company_id in (home.company_id, home.root_id) and journal.code = $2
                ) then 'missing'
                else ''
            end
        )
    where exists (select from home)
    union all
    select 'account', account.code, case when account.found = 0 then 'missing' when not account.is_usable then 'deprecated' else '' end
    from account
    where exists (select from home)
)
select fault.what, fault.name, fault.fault
from fault
where fault.fault <> ''
order by fault.what, fault.name
