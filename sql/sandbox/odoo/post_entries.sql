-- Posts journal entries: each gets the next number of its journal and month, or year where the journal's type counts by
-- year. One that lies within a lock date moves to the end of the first month that is open, but not beyond today's.
--
-- grain:  one row per entry
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  account_journal, res_company
-- writes: account_move
with entry as (
    select kept.id, kept.name, kept.journal_id, journal.code, journal.type, kept.date,
           greatest(house.fiscalyear_lock_date, house.hard_lock_date) + 1 as first_open
    from account_move as kept
    join account_journal as journal on journal.id = kept.journal_id
    join res_company as house on house.id = kept.company_id
    where kept.id = any($1)
), dated as (
    select entry.*,
           case when first_open is null or entry.date >= first_open then entry.date
                when date_trunc('month', first_open) < date_trunc('month', $2::timestamp)
                    then (date_trunc('month', first_open) + interval '1 month - 1 day')::date
                else greatest(first_open, $2::timestamp::date)
           end as posted_on
    from entry
), prefixed as (
    select dated.*,
           case when type in ('sale', 'bank', 'cash', 'credit') then format('%s/%s/', code, to_char(posted_on, 'YYYY'))
                else format('%s/%s/', code, to_char(posted_on, 'YYYY/MM')) end as prefix,
           case when type in ('sale', 'bank', 'cash', 'credit') then 5 else 4 end as digits
    from dated
), numbered as (
    select prefixed.*,
           coalesce((
               select max(other.sequence_number) from account_move as other
               where other.journal_id = prefixed.journal_id and other.sequence_prefix = prefixed.prefix), 0)
           + row_number() over (partition by journal_id, prefix order by posted_on, id) as number
    from prefixed
    where name is null or name in ('', '/')
)
update account_move as kept
set state = 'posted', posted_before = true, checked = true, date = prefixed.posted_on, write_date = $2, write_uid = $3,
    name = case when numbered.id is null then kept.name
        else numbered.prefix || lpad(numbered.number::text, greatest(numbered.digits, length(numbered.number::text)), '0') end,
    sequence_prefix = coalesce(numbered.prefix, kept.sequence_prefix),
    sequence_number = coalesce(numbered.number, kept.sequence_number)
from prefixed
left join numbered on numbered.id = prefixed.id
where prefixed.id = kept.id
