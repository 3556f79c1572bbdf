-- Gives all that people have said of a product key, newest first.
--
-- grain:  one row per link
-- params: $1 product_key text
-- reads:  journal.product_link
-- writes: nothing
select link.product_id, link.said_by, link.linked_at
from journal.product_link as link
where link.product_key = $1
order by link.link_id desc
