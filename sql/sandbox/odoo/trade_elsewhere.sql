-- Lets Odoo trade elsewhere: of the first few goods of which there is enough, two are sold over the counter, and of every
-- third three more come in.
--
-- grain:  one row per quant
-- params: $1 goods bigint
-- reads:  stock_quant, product_product
-- writes: stock_quant
with candidate as (
    select quant.id, row_number() over (order by quant.product_id) as place
    from stock_quant as quant
    join product_product as product on product.id = quant.product_id
    where quant.location_id = 8
        and quant.lot_id is null
        and quant.package_id is null
        and quant.owner_id is null
        and quant.quantity - quant.reserved_quantity >= 3
        and product.active
)
update stock_quant as quant
set quantity = quant.quantity + case when candidate.place % 3 = 0 then 3 else -2 end
from candidate
where candidate.id = quant.id and candidate.place <= $1
