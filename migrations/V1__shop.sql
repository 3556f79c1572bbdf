-- The shops, their policies and their tokens. Backed up with `journal`; all else can be made again.
create schema shop;

-- One row per Etsy shop that we reconcile.
create table shop.shop (
    shop_id     bigint      constraint shop_is_known_by_its_etsy_id primary key,
    name        text        not null
        constraint shop_name_is_unique unique
        constraint shop_name_is_plain check (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    status      text        not null default 'active'
        constraint shop_status_is_known check (status in ('active', 'paused')),
    added_at    timestamptz not null,
    constraint shop_id_is_positive check (shop_id > 0)
);

-- What the merchant decided for a shop. `version` moves with every change, so that staged orders know
-- by which policy they were made.
create table shop.policy (
    shop_id            bigint      constraint policy_belongs_to_one_shop primary key
        references shop.shop (shop_id) on delete cascade,
    version            integer     not null default 1,
    -- tax that Etsy collects and remits: left out of the order, or on a line of its own
    etsy_tax           text        not null default 'left_out'
        constraint policy_etsy_tax_is_known check (etsy_tax in ('left_out', 'own_line')),
    -- the state in which an order is left in Odoo
    order_state        text        not null default 'sale'
        constraint policy_order_state_is_known check (order_state in ('sale', 'draft')),
    -- what happens to an order line whose product Odoo does not have
    unknown_product    text        not null default 'create'
        constraint policy_unknown_product_is_known check (unknown_product in ('create', 'placeholder', 'hold')),
    -- what happens to an order whose receipt was cancelled on Etsy
    cancelled_receipt  text        not null default 'cancel'
        constraint policy_cancelled_receipt_is_known check (cancelled_receipt in ('cancel', 'hold')),
    -- receipts created before this moment are not booked; null: from the shop's opening
    orders_from        timestamptz,
    -- Odoo ids; null: Odoo's own default
    company_id         integer,
    warehouse_id       integer,
    pricelist_id       integer,
    team_id            integer,
    salesperson_id     integer,
    -- the guard: a plan above these is refused
    guard_new_orders   integer     not null default 5000
        constraint policy_guard_new_orders_is_positive check (guard_new_orders > 0),
    guard_changed_share numeric(4, 3) not null default 0.300
        constraint policy_guard_changed_share_is_a_share check (guard_changed_share between 0 and 1)
);

-- The OAuth pair of a shop, sealed: XChaCha20-Poly1305, nonce first, the shop id as associated data.
create table shop.token (
    shop_id           bigint      constraint token_belongs_to_one_shop primary key
        references shop.shop (shop_id) on delete cascade,
    sealed            bytea       not null,
    access_expires_at timestamptz not null,
    refreshed_at      timestamptz not null
);
