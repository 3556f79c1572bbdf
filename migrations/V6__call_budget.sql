-- What is known of the calls with one API key, shared by every process and machine that holds it. Can be thrown away:
-- then the limits of the second and the network are learned anew, and the day's count from Etsy's next answer.
create table shop.call_budget (
    -- SHA-256 of the keystring, which itself is stored nowhere
    key_hash     bytea       constraint call_budget_is_one_per_api_key primary key
        constraint call_budget_key_is_a_sha256 check (length(key_hash) = 32),
    -- the send times of the last seconds, the calls of a day per five minutes, what was learned of the network
    state        jsonb       not null,
    changed_at   timestamptz not null
-- rewritten with every call and every answer: room for new versions beside the old ones
) with (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
