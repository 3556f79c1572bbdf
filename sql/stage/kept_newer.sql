-- Says of some things on a page whether a newer page's state of them is kept already.
--
-- grain:  one row per thing whose kept state is newer
-- params: $1 shop_id bigint, $2 page_id bigint, $3 entity text, $4 ids bigint[]
-- reads:  staging.etsy_receipt, staging.etsy_listing, staging.etsy_inventory, staging.etsy_ledger_entry,
--         staging.etsy_payment, staging.etsy_reference
-- writes: nothing
select receipt.receipt_id as id
from staging.etsy_receipt as receipt
where $3 = 'receipt' and receipt.shop_id = $1 and receipt.receipt_id = any($4) and receipt.page_id > $2
union all
select listing.listing_id as id
from staging.etsy_listing as listing
where $3 = 'listing' and listing.shop_id = $1 and listing.listing_id = any($4) and listing.page_id > $2
union all
select inventory.listing_id as id
from staging.etsy_inventory as inventory
where $3 = 'inventory' and inventory.shop_id = $1 and inventory.listing_id = any($4) and inventory.page_id > $2
union all
select ledger_entry.entry_id as id
from staging.etsy_ledger_entry as ledger_entry
where $3 = 'ledger_entry' and ledger_entry.shop_id = $1 and ledger_entry.entry_id = any($4) and ledger_entry.page_id > $2
union all
select payment.payment_id as id
from staging.etsy_payment as payment
where $3 = 'payment' and payment.shop_id = $1 and payment.payment_id = any($4) and payment.page_id > $2
union all
select reference.reference_id as id
from staging.etsy_reference as reference
where reference.kind = $3 and reference.shop_id = $1 and reference.reference_id = any($4) and reference.page_id > $2
