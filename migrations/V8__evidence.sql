-- More streams of evidence.
alter table snapshot.etsy_page drop constraint page_stream_is_known;
alter table snapshot.etsy_page add constraint page_stream_is_known check (stream in
    ('receipts', 'receipts_created', 'cancelled_receipts', 'receipts_named', 'listings_active', 'listings_inactive',
     'listings_sold_out', 'listings_draft', 'listings_expired', 'inventory', 'ledger', 'payments', 'shop',
     'shipping_profiles', 'production_partners', 'readiness_states', 'return_policies'));
