-- Takes decoded reference facts in.
--
-- grain:  one row per reference fact, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_reference
copy incoming_reference (
    shop_id,
    kind,
    reference_id,
    name,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
