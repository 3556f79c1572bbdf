-- Fills Etsy's side: 2 % cancelled, and 0.2 % of the receipts are left out, so that Odoo's orders of them are orphans.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: staging.etsy_order
insert into staging.etsy_order
    (shop_id, receipt_id, standing, ordered_at, currency, total, line_count, units, customer_key, address_key, residue,
     content_hash, policy_version, staged_in_run)
select
    $1,
    3000000000 + receipt.n,
    case when receipt.n % 50 = 0 then 'cancelled' else 'due' end,
    timestamptz '2026-01-01' + receipt.n * interval '10 seconds',
    'USD',
    (500 + receipt.n % 20000) / 100.0,
    1 + receipt.n % 3,
    1 + receipt.n % 4,
    'buyer_' || receipt.n % 300000,
    'address_' || receipt.n % 300000 || '_0123456789abcdef',
    0,
    receipt.n * 7919,
    1,
    1
from generate_series(1, $2::bigint) as receipt (n)
where receipt.n % 500 <> 3
