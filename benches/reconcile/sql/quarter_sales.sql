-- Makes up what is sold in a quarter, evenly over its days and in three currencies; the other files of the quarter are made
-- from it. 4 % are refunded, 2 % cancelled; in one of the currencies Etsy collects tax.
--
-- grain:  one row per receipt
-- params: $1 shop_id bigint, $2 receipts bigint
-- reads:  nothing
-- writes: public.sale
insert into public.sale
    (shop_id, n, receipt_id, payment_id, currency, country, created_at, is_cancelled, is_refunded, price, tax)
select
    $1,
    receipt.n,
    3000000000 + receipt.n,
    5000000000 + receipt.n,
    (array['USD', 'EUR', 'GBP'])[1 + receipt.n % 3],
    (array['US', 'DE', 'GB'])[1 + receipt.n % 3],
    timestamptz '2026-07-01 00:00:00+00' + (receipt.n - 1) * (interval '92 days' / $2::bigint),
    receipt.n % 50 = 0,
    receipt.n % 25 = 0,
    500 + receipt.n * 37 % 20000,
    case when receipt.n % 3 = 0 then (500 + receipt.n * 37 % 20000) * 7 / 100 else 0 end
from generate_series(1, $2::bigint) as receipt (n)
