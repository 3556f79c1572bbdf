-- What is known of a shop's login beside its tokens.
alter table shop.token
    -- the scopes that the seller granted, in Etsy's words; null: Etsy has not said
    add column granted_scopes text[],
    -- when a renewal began whose new pair has not been stored; null: none is under way. A renewal that is cut off
    -- leaves it behind, so that a pair that was lost is not lost in silence
    add column renewing_since timestamptz,
    -- when somebody was last told that the login ends soon
    add column warned_at timestamptz;
