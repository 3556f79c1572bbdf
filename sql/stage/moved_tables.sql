-- Makes the tables of what happened to offerings and of what is promised of Odoo's stock, for the length of one transaction,
-- and lets it have what a few large statements need: compiling them would take longer than they do.
--
-- grain:  none
-- params: none
-- reads:  nothing
-- writes: pg_temp.moved_offering, pg_temp.promised_part, pg_temp.kit_stock
set local jit = off;
set local work_mem = '32MB';

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
    unexplained      integer not null,
    -- what it sells, and with which others it has its quantity in common
    product_key      text    not null,
    quantity_group   text    not null
) on commit drop;

-- What is promised already of what Odoo has.
create temporary table promised_part (
    shop_id          bigint  not null,
    part_id          integer not null,
    -- sold and not booked: in other shops, and in this one
    elsewhere        numeric not null,
    here             numeric not null,
    -- may have been sold without a receipt that shows, in any shop
    odd              numeric not null
) on commit drop;

-- How many of a kit its scarcest part allows.
create temporary table kit_stock (
    shop_id          bigint  not null,
    product_id       integer not null,
    available        numeric not null,
    -- when what was sold in other shops is taken off, then what was sold in this one, then what is odd
    not_elsewhere    numeric not null,
    not_here         numeric not null,
    not_odd          numeric not null
) on commit drop;
