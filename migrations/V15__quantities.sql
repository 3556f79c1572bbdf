-- Quantities: whose are compared in a run, what is sold and not booked, and how each number comes about.

-- Whose quantities a run compares, in which direction, and with which of Odoo's warehouses.
create unlogged table staging.stock_comparison (
    run_id          bigint    not null,
    shop_id         bigint    not null,
    -- push: Odoo's stock goes to Etsy; count: what Etsy offers is counted in Odoo
    direction       text      not null
        constraint comparison_direction_is_known check (direction in ('push', 'count')),
    basis           text      not null,
    warehouse_ids   integer[] not null,
    -- of them, those that Odoo does not have, or has archived
    absent_warehouse_ids integer[] not null,
    -- where stock is counted: the stock location of the first warehouse
    location_id     integer,
    constraint compared_once_a_run primary key (run_id, shop_id)
);

-- The listings whose quantities a run compares: for sale, sold out, or taken off sale by us and not touched since.
create unlogged table staging.compared_listing (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    listing_id      bigint      not null,
    -- as it was read, or as we left it after that
    state           text        not null,
    updated_at      timestamptz not null,
    currency        text        not null,
    -- when its inventory was seen last; null: never
    read_at         timestamptz,
    has_fault       boolean     not null
);

-- Units sold on Etsy that no confirmed order of Odoo takes yet, by what they take out of stock.
create unlogged table staging.pending_part (
    run_id          bigint  not null,
    shop_id         bigint  not null,
    part_id         integer not null,
    units           numeric not null
);

-- Each run that compares a shop makes its targets anew and reads them whole: no key is worth its upkeep.
alter table staging.offering_target set unlogged;
alter table staging.offering_target drop constraint one_target_per_offering;
alter table staging.offering_target
    -- offerings of a listing in the same group have the same quantity
    add column quantity_group text not null,
    -- of one, in the currency of the listing
    add column price numeric not null,
    -- for sale on Etsy now, as far as is known: as read, less what has been sold since
    add column known integer not null,
    -- the merge base; a quantity that no known sale explains; and what has been sold since the base: as far as is known, the
    -- least and the most that it can be
    add column base_quantity integer,
    add column base_target integer,
    add column agreed_at timestamptz,
    add column odd_quantity integer,
    add column odd_since timestamptz,
    add column sold_since_base integer not null,
    add column sold_since_base_least integer not null,
    add column sold_since_base_most integer not null,
    -- of what is unexplained, over all offerings that sell the same stock, what this one must not offer
    add column unexplained_units integer not null,
    -- the target if nothing were unexplained
    add column settled_target integer not null,
    -- null: the shop's policy
    add column frozen text;
alter table staging.offering_target drop constraint target_obstacle_is_known;
alter table staging.offering_target add constraint target_obstacle_is_known check (obstacle in
    ('unlinked', 'ambiguous', 'archived', 'not_stocked', 'uncounted', 'excluded', 'group_unlinked'));

-- Sales since a moment are asked for in every run.
create index etsy_order_by_time on staging.etsy_order (shop_id, ordered_at);

-- What stands of a product at the stock location of a warehouse, for those who count it there. Products of which nothing
-- stands there, and whose lots are not counted, are not there. Read only where stock is counted.
create unlogged table snapshot.odoo_countable (
    run_id          bigint  not null,
    product_id      integer not null,
    location_id     integer not null,
    -- without lot, package and owner
    quantity        numeric not null,
    -- whether anything stands there in a lot, in a package, or for another owner
    has_others      boolean not null,
    is_tracked      boolean not null
);

alter table journal.run drop constraint run_command_is_known;
alter table journal.run add constraint run_command_is_known
    check (command in ('snapshot', 'plan', 'run', 'apply', 'adopt'));

-- What was meant to be done to a listing.
create index decision_on_listing on journal.decision (shop_id, key)
    where action in ('deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing');
