-- Stock: how many of each product Odoo has, how many of each offering may be for sale, and what both sides last agreed on.

-- ---- what the merchant decides ----

alter table shop.policy
    -- whose quantities hold; none: nobody's, and nothing is compared
    add column stock_master text not null default 'none'
        constraint policy_stock_master_is_known check (stock_master in ('none', 'odoo', 'etsy')),
    add column stock_basis text not null default 'sellable'
        constraint policy_stock_basis_is_known check (stock_basis in ('sellable', 'free', 'on_hand', 'forecast')),
    -- empty: warehouse_id, else the first of the company
    add column stock_warehouse_ids integer[] not null default '{}',
    -- units that are kept back
    add column stock_buffer numeric not null default 0
        constraint policy_stock_buffer_is_no_debt check (stock_buffer >= 0),
    add column stock_share numeric(4, 3) not null default 1
        constraint policy_stock_share_is_a_share check (stock_share between 0 and 1),
    -- fewer than this are not offered at all
    add column stock_floor integer not null default 0
        constraint policy_stock_floor_is_sensible check (stock_floor between 0 and 999),
    add column stock_cap integer not null default 999
        constraint policy_stock_cap_is_sensible check (stock_cap between 1 and 999),
    -- when nothing is raised: days and hours, in words
    add column stock_freeze text not null default '',
    add column stock_conflict text not null default 'odoo'
        constraint policy_stock_conflict_is_known check (stock_conflict in ('odoo', 'hold', 'etsy')),
    add column sold_out_listing text not null default 'hold'
        constraint policy_sold_out_listing_is_known check (sold_out_listing in ('hold', 'renew')),
    add column guard_zeroed_share numeric(4, 3) not null default 0.200
        constraint policy_guard_zeroed_share_is_a_share check (guard_zeroed_share between 0 and 1),
    add column guard_quantity_share numeric(4, 3) not null default 0.500
        constraint policy_guard_quantity_share_is_a_share check (guard_quantity_share between 0 and 1);

-- What holds for one product of a shop instead of the shop's policy; null: the policy.
create table shop.stock_rule (
    shop_id       bigint  not null references shop.shop (shop_id),
    product_key   text    not null,
    -- in words, for people: the SKU, or the listing
    label         text    not null,
    buffer        numeric
        constraint rule_buffer_is_no_debt check (buffer >= 0),
    share         numeric(4, 3)
        constraint rule_share_is_a_share check (share between 0 and 1),
    floor         integer
        constraint rule_floor_is_sensible check (floor between 0 and 999),
    cap           integer
        constraint rule_cap_is_sensible check (cap between 0 and 999),
    -- always so many, whatever Odoo has
    made_to_order integer
        constraint rule_made_to_order_is_sensible check (made_to_order between 1 and 999),
    -- left as it is on Etsy
    is_excluded   boolean not null default false,
    frozen        text,
    constraint one_rule_per_product primary key (shop_id, product_key)
);

-- ---- the words ----

alter table diff.finding drop constraint finding_subject_is_known;
alter table diff.finding add constraint finding_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory'));
alter table diff.tally drop constraint tally_subject_is_known;
alter table diff.tally add constraint tally_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory'));
alter table journal.decision drop constraint decision_subject_is_known;
alter table journal.decision add constraint decision_subject_is_known
    check (subject in ('products', 'customers', 'orders', 'inventory'));
alter table journal.decision drop constraint decision_action_is_known;
alter table journal.decision add constraint decision_action_is_known check (action in
    ('create_product', 'update_product', 'count_stock', 'create_customer', 'book_order', 'change_address', 'cancel_order',
     'deactivate_listing', 'lower_inventory', 'raise_inventory', 'reactivate_listing'));

-- ---- evidence ----

-- Sums say what the rows said, and Odoo's database adds them up where they are.
drop table snapshot.odoo_quant;
drop table snapshot.odoo_location;

-- What Odoo has of a product in a warehouse, in the product's unit of measure. Products that have none are not there.
create unlogged table snapshot.odoo_stock (
    run_id          bigint  not null,
    product_id      integer not null,
    warehouse_id    integer not null,
    -- Odoo's qty_available, free_qty, and what open moves bring and take
    on_hand         numeric not null,
    free            numeric not null,
    incoming        numeric not null,
    outgoing        numeric not null,
    -- of it in sellable locations below the stock location, less what is reserved
    free_stock      numeric not null,
    -- confirmed demand from there that is not reserved
    unreserved_out  numeric not null,
    -- of another owner
    consigned       numeric not null
);

-- The parts of a kit (a phantom bill of materials), one level down. Empty where Odoo does not make kits.
create unlogged table snapshot.odoo_kit (
    run_id          bigint  not null,
    kit_product_id  integer not null,
    component_id    integer not null,
    -- of the component, in its unit of measure, in one unit of the kit
    per_unit        numeric not null
);

-- when the same answer came once more
alter table snapshot.etsy_page add column seen_again_at timestamptz;

-- ---- both sides in the same terms ----

alter table staging.etsy_offering
    -- offerings of a listing in the same group have the same quantity: Etsy's quantity_on_property
    add column quantity_group text not null default '';
alter table staging.etsy_inventory
    -- why it cannot be written back as it is; null: it can
    add column fault text;

-- What may be promised of a product in a warehouse. Kits have what their scarcest part allows.
create unlogged table staging.odoo_stock (
    run_id          bigint  not null,
    product_id      integer not null,
    warehouse_id    integer not null,
    on_hand         numeric not null,
    free            numeric not null,
    forecast        numeric not null,
    sellable        numeric not null,
    reserved        numeric not null,
    incoming        numeric not null,
    outgoing        numeric not null,
    unreserved_out  numeric not null,
    consigned       numeric not null,
    is_kit          boolean not null
);

-- What one unit of a product takes out of stock: itself, or for a kit its parts, down to the last level.
create unlogged table staging.odoo_part (
    run_id          bigint  not null,
    product_id      integer not null,
    part_id         integer not null,
    per_unit        numeric not null
);

-- What Odoo and Etsy last agreed on for an offering: the merge base.
create table staging.offering_base (
    shop_id         bigint      not null,
    listing_id      bigint      not null,
    variant_key     text        not null,
    -- for sale on Etsy then, and what Odoo allowed then
    quantity        integer     not null,
    target          integer     not null,
    agreed_at       timestamptz not null,
    -- a quantity on Etsy that no known sale explains, and when it was first seen
    odd_quantity    integer,
    odd_since       timestamptz,
    constraint one_base_per_offering primary key (shop_id, listing_id, variant_key)
);

-- How many of each offering may be for sale, and how that number comes about. Kept for the last run of a shop.
create table staging.offering_target (
    run_id          bigint      not null,
    shop_id         bigint      not null,
    listing_id      bigint      not null,
    variant_key     text        not null,
    product_key     text        not null,
    -- null: no product in Odoo, or several
    product_id      integer,
    is_kit          boolean     not null,
    -- for sale on Etsy as it was read, when that was, and what has been sold since
    observed        integer     not null,
    observed_at     timestamptz,
    sold_since_read integer     not null,
    -- from the merge base; null: there is none
    expected        integer,
    -- fewer on Etsy than known sales explain, while a sale may still be on its way
    unexplained     integer     not null,
    -- in Odoo, over the shop's warehouses, by the shop's basis
    available       numeric     not null,
    buffer          numeric     not null,
    share           numeric     not null,
    -- sold on Etsy and not booked in Odoo yet: in other shops, and in this one
    pending_elsewhere numeric   not null,
    pending_here    numeric     not null,
    floor           integer     not null,
    cap             integer     not null,
    made_to_order   integer,
    -- before its group is looked at, and after
    own_target      integer     not null,
    target          integer     not null,
    -- who moved since the merge base
    moved           text        not null
        constraint target_moved_is_known check (moved in
            ('nobody', 'odoo', 'etsy', 'both', 'unknown')),
    -- why it is not pushed; null: it may be
    obstacle        text
        constraint target_obstacle_is_known check (obstacle in
            ('unlinked', 'ambiguous', 'archived', 'not_stocked', 'excluded', 'group_unlinked')),
    constraint one_target_per_offering primary key (shop_id, listing_id, variant_key)
);

-- ---- what was done ----

-- What Etsy shows after a write, offering by offering, as it was read back: the merge base of the next run, and the mark on
-- listings that were set inactive.
create table journal.inventory_written (
    attempt_id      bigint      not null references journal.attempt (attempt_id),
    shop_id         bigint      not null,
    listing_id      bigint      not null,
    variant_key     text        not null,
    quantity        integer     not null,
    -- what the plan wanted, and had computed from Odoo
    target          integer     not null,
    listing_state   text        not null,
    -- Etsy's time of change of the listing
    listing_updated_at timestamptz not null,
    written_at      timestamptz not null,
    constraint written_once primary key (attempt_id, variant_key)
);
create index inventory_written_by_listing on journal.inventory_written (shop_id, listing_id, written_at);
