-- Reads wall clock times of a time zone as UTC.
--
-- grain:  one row per time, in its order
-- params: $1 times text[], $2 zone text
-- reads:  nothing
-- writes: nothing
select to_char((given.shown::timestamp at time zone $2::text) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as utc
from unnest($1::text[]) with ordinality as given (shown, place)
order by given.place
