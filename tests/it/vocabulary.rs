//! The closed vocabularies of Rust and the checks of SQL list the same words.

use std::collections::BTreeSet;

use etsy_odoo::domain::{
    ActionKind, BreakEvent, BreakKind, DecisionKind, EntryObstacle, EntryStanding, LineUse,
    MatchRule, MoneyClass, MoneyTrouble, OutcomeKind, Standing, Subject, Verdict,
};
use etsy_odoo::journal::{Command, LinkSource};
use etsy_odoo::shop::{
    Books, CancelledReceipt, EtsyTax, FieldOwner, OrderState, Partners, Status, Taxes,
    UnknownProduct,
};
use etsy_odoo::snapshot::{Stream, Turn};
use etsy_odoo::stage::{DriftKind, Entity};

use crate::support::{TestDatabase, finish};

fn words<T: Copy + ToString>(all: &[T]) -> BTreeSet<String> {
    all.iter().map(T::to_string).collect()
}

#[test]
fn rust_and_sql_know_the_same_words() {
    let database = finish(TestDatabase::new);
    let mut client = database.blocking_client();
    let verdicts = words(Verdict::ALL);
    let mut disagreeing = verdicts.clone();
    disagreeing.remove("agrees");
    let expected = [
        ("run_command_is_known", words(Command::ALL)),
        ("decision_subject_is_known", words(Subject::ALL)),
        ("decision_verdict_is_known", disagreeing.clone()),
        ("decision_is_known", words(DecisionKind::ALL)),
        ("decision_action_is_known", words(ActionKind::ALL)),
        ("outcome_is_known", words(OutcomeKind::ALL)),
        ("finding_subject_is_known", words(Subject::ALL)),
        ("finding_verdict_is_known", disagreeing),
        ("tally_subject_is_known", words(Subject::ALL)),
        ("tally_verdict_is_known", verdicts),
        ("link_said_by_is_known", words(LinkSource::ALL)),
        ("product_match_is_known", words(MatchRule::ALL)),
        ("order_standing_is_known", words(Standing::ALL)),
        ("shop_status_is_known", words(Status::ALL)),
        ("page_stream_is_known", words(Stream::ALL)),
        ("turn_is_known", words(Turn::ALL)),
        ("policy_etsy_tax_is_known", words(EtsyTax::ALL)),
        ("policy_taxes_is_known", words(Taxes::ALL)),
        ("policy_order_state_is_known", words(OrderState::ALL)),
        ("policy_unknown_product_is_known", words(UnknownProduct::ALL)),
        ("policy_cancelled_receipt_is_known", words(CancelledReceipt::ALL)),
        ("policy_product_name_is_known", words(FieldOwner::ALL)),
        ("policy_product_description_is_known", words(FieldOwner::ALL)),
        ("policy_product_sku_is_known", words(FieldOwner::ALL)),
        ("policy_product_price_is_known", words(FieldOwner::ALL)),
        ("policy_partners_is_known", words(Partners::ALL)),
        ("reject_entity_is_known", words(Entity::ALL)),
        ("drift_kind_is_known", words(DriftKind::ALL)),
        ("money_class_is_known", words(MoneyClass::ALL)),
        ("money_trouble_is_known", words(MoneyTrouble::ALL)),
        ("break_kind_is_known", words(BreakKind::ALL)),
        ("break_event_is_known", words(BreakEvent::ALL)),
        ("policy_books_is_known", words(Books::ALL)),
        ("entry_standing_is_known", words(EntryStanding::ALL)),
        ("entry_obstacle_is_known", words(EntryObstacle::ALL)),
        ("line_use_is_known", words(LineUse::ALL)),
    ];
    for (constraint, words) in expected {
        let definition: String = client
            .query_one(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = $1",
                &[&constraint],
            )
            .unwrap_or_else(|error| panic!("{constraint}: {error}"))
            .get(0);
        let known: BTreeSet<String> =
            definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(known, words, "{constraint}");
    }
}

/// Every table is keyed by shop or by run, so that shops can be worked on apart. The calls of an API key are what all
/// shops share.
#[test]
fn every_table_has_a_key_that_begins_with_a_shop_or_a_run() {
    let database = finish(TestDatabase::new);
    let rows = database
        .blocking_client()
        .query(
            "select n.nspname || '.' || c.relname as table_name
             from pg_class c
             join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('shop', 'snapshot', 'staging', 'diff', 'journal')
                 and c.relkind = 'r'
                 and (n.nspname, c.relname) <> ('shop', 'call_budget')
                 and not exists (
                     select from pg_attribute a
                     where a.attrelid = c.oid and a.attname in ('shop_id', 'run_id', 'attempt_id')
                 )
             order by 1",
            &[],
        )
        .unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(found.is_empty(), "{found:?}");
}
