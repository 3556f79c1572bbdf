-- Inventories that were staged before their quantity groups were are read again before anything is written to them.

update staging.etsy_inventory set fault = 'it has not been read again since etsy-odoo learned to write inventories';

-- the next answer from the same place is stored and staged, though it says what the last one said
update snapshot.etsy_page
set body_hash = null
where stream in ('listings_active', 'listings_inactive', 'listings_sold_out', 'listings_draft', 'listings_expired', 'inventory');
