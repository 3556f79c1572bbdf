-- Stores decisions of a plan.
--
-- grain:  one row per decision
-- params: $1 run_id bigint, $2 decision_nos integer[], $3 shop_ids bigint[], $4 subjects text[], $5 keys text[],
--         $6 verdicts text[], $7 decisions text[], $8 actions text[], $9 reasons text[], $10 payloads jsonb[],
--         $11 before_images jsonb[], $12 amounts numeric[], $13 currencies text[]
-- reads:  nothing
-- writes: journal.decision
insert into journal.decision
    (run_id, decision_no, shop_id, subject, key, verdict, decision, action, reason, payload, before_image, amount,
     currency)
select
    $1,
    decided.decision_no,
    decided.shop_id,
    decided.subject,
    decided.key,
    decided.verdict,
    decided.decision,
    decided.action,
    decided.reason,
    decided.payload,
    decided.before_image,
    decided.amount,
    decided.currency
from unnest(
    $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::jsonb[], $11::jsonb[], $12::numeric[], $13::text[]
) as decided (
    decision_no, shop_id, subject, key, verdict, decision, action, reason, payload, before_image, amount, currency
)
