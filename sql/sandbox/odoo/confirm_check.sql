-- Tells how orders stand that someone wants to confirm.
--
-- grain:  one row per order that exists
-- params: $1 ids integer[]
-- reads:  sale_order, sale_order_line
-- writes: nothing
select booked.id, booked.state::text, booked.locked,
       exists (
           select from sale_order_line as line
           where line.order_id = booked.id and line.display_type is null and line.product_id is null
             and line.is_downpayment is not true) as lacks_product
from sale_order as booked
where booked.id = any($1)
