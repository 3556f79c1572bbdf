-- Stamps every seeded row with its author and the time.
--
-- grain:  one row per row of a model
-- params: setting sandbox.seeded_at (a timestamp, UTC)
-- reads:  information_schema.columns
-- writes: every table that has a write_date
do $$
declare
    target text;
begin
    for target in
        select table_name from information_schema.columns
        where table_schema = 'public' and column_name = 'write_date'
    loop
        execute format('update %I set create_uid = 1, write_uid = 1, create_date = $1, write_date = $1 where create_date is null',
            target) using current_setting('sandbox.seeded_at')::timestamp;
    end loop;
end $$;
