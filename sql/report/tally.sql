-- Gives the tally of a run: every key that was compared, counted once.
--
-- grain:  one row per shop, subject, currency, standing and verdict
-- params: $1 run_id bigint
-- reads:  diff.tally
-- writes: nothing
select
    tally.shop_id,
    tally.subject,
    tally.currency,
    tally.standing,
    tally.verdict,
    tally.keys,
    tally.etsy_amount,
    tally.odoo_amount,
    tally.odoo_tax_added
from diff.tally
where tally.run_id = $1
order by tally.shop_id, tally.subject, tally.currency, tally.standing, tally.verdict
