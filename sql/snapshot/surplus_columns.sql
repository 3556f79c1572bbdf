-- Lists the columns of Odoo's database that our role may read although no run does, those first that hold secrets or people.
--
-- grain:  one row per column
-- params: $1 needed tables text[], $2 needed columns text[] (in pairs)
-- reads:  pg_attribute, pg_class
-- writes: nothing
with needed as (
    select pair.table_name, pair.column_name
    from unnest($1::text[], $2::text[]) as pair (table_name, column_name)
), readable as (
    select class.relname::text as table_name, attribute.attname::text as column_name
    from pg_class as class
    join pg_attribute as attribute
        on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
    where class.relnamespace = to_regnamespace('public')
        and class.relkind in ('r', 'p', 'v', 'm', 'f')
        and has_column_privilege(class.oid, attribute.attnum, 'select')
)
select
    readable.table_name || '.' || readable.column_name as name,
    (
        readable.column_name ~ '(password|secret|token|totp|api_?key|private_key)'
        or readable.table_name ~ '^(res_users|ir_config_parameter|ir_attachment|mail_m|account_move|account_payment$|payment_|hr_)'
        or (readable.table_name = 'res_partner'
            and readable.column_name in ('email', 'email_normalized', 'phone', 'mobile', 'phone_sanitized', 'vat', 'comment'))
    ) as is_private
from readable
where not exists (
        select
        from needed
        where needed.table_name = readable.table_name and needed.column_name = readable.column_name
    )
order by
    is_private desc,
    readable.table_name ~ '^(res_users|ir_config_parameter)'
        and readable.column_name ~ '(password|secret|key|value)' desc,
    readable.column_name ~ '(password|secret|token|key)' desc,
    name
