-- Tells up to where a stream is proven.
--
-- grain:  one row per stream
-- params: $1 shop_id bigint, $2 stream text
-- reads:  snapshot.watermark
-- writes: nothing
select proven_until
from snapshot.watermark
where shop_id = $1 and stream = $2
