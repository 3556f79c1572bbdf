-- Finds barcodes that more than one variant would carry.
--
-- grain:  one row per barcode
-- params: $1 barcodes text[]
-- reads:  product_product, product_template
-- writes: nothing
select variant.barcode::text, string_agg(shown.name, ' and ' order by variant.id) as names
from product_product as variant
cross join lateral sandbox.display_names('product_product', array[variant.id]) as shown
where variant.barcode = any($1)
group by variant.barcode
having count(*) > 1
