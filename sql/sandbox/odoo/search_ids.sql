-- Searches a model.
--
-- grain:  one row per record found, in order
-- params: $1 table text, $2 domain tree jsonb, $3 ordering jsonb, $4 offset bigint, $5 limit bigint
-- reads:  the named table
-- writes: nothing
select id from sandbox.search_ids($1, $2, $3, $4, $5) as id
