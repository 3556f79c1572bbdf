-- Finds lines of journal entries whose account must not be used: deprecated, or kept in another currency than the line's.
--
-- grain:  one row per such line, the deprecated first
-- params: $1 line_ids integer[]
-- reads:  account_move_line, account_account
-- writes: nothing
select sandbox.english(account.name) as name, coalesce(account.code_store ->> '1', '') as code,
       account.deprecated is true as is_deprecated
from account_move_line as line
join account_account as account on account.id = line.account_id
where line.id = any($1)
  and (account.deprecated
      or (account.currency_id is not null and account.currency_id not in (line.company_currency_id, line.currency_id)))
order by account.deprecated is true desc, line.id
