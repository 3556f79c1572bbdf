-- Writes the statement that creates a database, unless there is one of that name.
--
-- grain:  at most one row
-- params: $1 name text
-- reads:  pg_catalog.pg_database
-- writes: nothing
select format('create database %I', $1::text) as statement
where not exists (select from pg_catalog.pg_database where datname = $1::text)
