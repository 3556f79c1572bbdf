-- Makes the tables of what Etsy shows of each offering, and of what happened to it, for the length of one transaction.
-- Compiling these few large statements would take longer than they do.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: pg_temp.seen_offering, pg_temp.moved_offering, pg_temp.odd_part
set local jit = off;
set local work_mem = '32MB';

create temporary table seen_offering (
    shop_id        bigint  not null,
    listing_id     bigint  not null,
    variant_key    text    not null,
    product_key    text    not null,
    quantity_group text    not null,
    price          numeric not null,
    observed       integer not null,
    observed_at    timestamptz,
    base_quantity  integer,
    base_target    integer,
    agreed_at      timestamptz,
    odd_quantity   integer,
    odd_since      timestamptz,
    product_id     integer,
    is_kit         boolean not null,
    -- whether Odoo has the product because we made it
    is_made_by_us  boolean not null,
    obstacle       text
) on commit drop;

-- Only of offerings that something happened to.
create temporary table moved_offering (
    shop_id          bigint  not null,
    listing_id       bigint  not null,
    variant_key      text    not null,
    since_read       integer not null,
    since_base       integer not null,
    since_base_least integer not null,
    since_base_most  integer not null,
    expected         integer,
    has_moved        boolean not null,
    unexplained      integer not null
) on commit drop;

-- Units that may have been sold without a receipt that shows.
create temporary table odd_part (
    -- of all shops
    part_id          integer not null,
    units            numeric not null
) on commit drop;
