-- What an order takes over from its shop, how it is taxed, and the words that came with the receipt.

alter table shop.policy
    -- Odoo ids; null: Odoo's own default
    add column payment_term_id    integer,
    add column fiscal_position_id integer,
    -- Odoo's crm.tag; empty: none are written
    add column tag_ids            integer[] not null default '{}',
    -- which Odoo taxes the lines bear: none, the price-included one named below, or what Odoo makes of product and
    -- fiscal position
    add column taxes              text      not null default 'none'
        constraint policy_taxes_is_known check (taxes in ('none', 'included', 'by_odoo')),
    add column tax_id             integer,
    add constraint policy_included_tax_is_named check (taxes <> 'included' or tax_id is not null);

alter table staging.etsy_receipt
    add column is_gift      boolean not null default false,
    add column gift_message text,
    add column gift_sender  text;

-- A line that sells nothing and says something: Odoo's display lines.
alter table staging.etsy_order_line
    alter column product_key drop not null,
    add column display_type text
        constraint line_display_is_known check (display_type in ('line_note')),
    add constraint line_sells_or_says check ((display_type is null) = (product_key is not null));

alter table staging.odoo_order
    -- what Odoo's own taxes add to `total`, in shops that leave taxes to Odoo; the two make up Odoo's amount_total
    add column odoo_tax_added  numeric,
    -- whether it bears our external id, so that a repeated load finds it
    add column has_external_id boolean not null default true,
    -- null where no line names a transaction: a person made the order
    alter column units drop not null;

alter table diff.finding add column odoo_tax_added numeric;
alter table diff.tally add column odoo_tax_added numeric not null default 0;

-- Odoo's total is odoo_total + odoo_tax_added
alter table journal.outcome add column odoo_tax_added numeric;

create or replace view journal.decision_state as
select
    decision.run_id,
    decision.decision_no,
    decision.shop_id,
    decision.subject,
    decision.key,
    decision.verdict,
    decision.decision,
    decision.action,
    decision.reason,
    decision.amount,
    decision.currency,
    last_attempt.attempt_id,
    last_attempt.attempted_at,
    case
        when decision.decision <> 'act' then null
        when last_attempt.attempt_id is null then 'planned'
        else coalesce(outcome.outcome, 'unknown')
    end as state,
    outcome.said,
    outcome.odoo_id,
    outcome.odoo_total,
    outcome.odoo_tax_added
from journal.decision
left join lateral (
    select attempt.attempt_id, attempt.attempted_at
    from journal.attempt
    where attempt.run_id = decision.run_id and attempt.decision_no = decision.decision_no
    order by attempt.attempt_id desc
    limit 1
) as last_attempt on true
left join journal.outcome on outcome.attempt_id = last_attempt.attempt_id;

-- a price is included or not by the tax's own word, else by its company's; a branch uses the taxes of its parents
alter table snapshot.odoo_company
    add column account_price_include text,
    add column tax_calculation_rounding_method text,
    add column parent_path text;
alter table snapshot.odoo_sale_order_line add column discount numeric;
create unlogged table snapshot.odoo_tax (
    run_id bigint not null, id integer not null, company_id integer, type_tax_use text, amount_type text,
    price_include_override text, active boolean
);
create unlogged table snapshot.odoo_product_tax (
    run_id bigint not null, product_tmpl_id integer not null, tax_id integer not null
);
