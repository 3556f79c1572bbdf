-- Counts the listings of which a seller has changed quantities on Etsy since both sides last agreed, and that say something
-- else than Odoo.
--
-- grain:  one row per shop
-- params: $1 run_id bigint
-- reads:  diff.finding
-- writes: nothing
select finding.shop_id, count(*) as listings
from diff.finding
where finding.run_id = $1
    and finding.subject = 'inventory'
    and finding.differences && array['edited', 'conflict']
group by finding.shop_id
order by finding.shop_id
