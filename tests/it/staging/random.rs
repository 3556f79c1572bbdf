//! Pages of random rows, some of them harmed at random.

use std::collections::{BTreeMap, BTreeSet};

use etsy_odoo::domain::RunId;
use etsy_odoo::stage::{Entity, rehearse};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::rows::{receipt, with};
use super::{Pages, SHOP, count};

/// What is done to a row of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    None,
    Divisor,
    Surrogate,
    NoObject,
    NoId,
    LateLine,
    Nul,
}

fn harmed(id: i64, harm: Harm) -> String {
    let plain = receipt(id).to_string();
    match harm {
        Harm::None => plain,
        Harm::Divisor => with(receipt(id), &[("/total_price/divisor", json!(12))]).to_string(),
        Harm::Surrogate => plain.replace("\"Portland\"", r#""\udc00""#),
        Harm::NoObject => format!("[{id}]"),
        Harm::NoId => with(receipt(id), &[("/receipt_id", json!("Dana"))]).to_string(),
        Harm::LateLine => with(receipt(id), &[("/transactions/1/quantity", json!(-3))]).to_string(),
        Harm::Nul => with(receipt(id), &[("/zip", json!("97\u{0}205"))]).to_string(),
    }
}

/// Pages of rows, some of them harmed: every row is accounted for, and the good ones land as they are.
#[test]
fn random_harm_to_random_rows_is_set_aside_and_the_neighbours_land() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let harm = prop_oneof![
        6 => Just(Harm::None), 1 => Just(Harm::Divisor), 1 => Just(Harm::Surrogate), 1 => Just(Harm::NoObject),
        1 => Just(Harm::NoId), 1 => Just(Harm::LateLine), 1 => Just(Harm::Nul),
    ];
    let page = proptest::collection::vec((1_i64..20, harm), 0..12);
    let case = proptest::collection::vec(page, 1..5);
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&case, |case| {
            runtime.block_on(async {
                let mut pages = Pages::new().await;
                let (mut good, mut bad, mut fetched) = (BTreeMap::new(), BTreeSet::new(), 0);
                for (number, rows) in case.iter().enumerate() {
                    let texts: Vec<String> = rows.iter().map(|(id, harm)| harmed(*id, *harm)).collect();
                    let body = format!("{{\"count\": {}, \"results\": [{}]}}", rows.len(), texts.join(","));
                    pages.store("receipts", &body).await;
                    fetched += i64::try_from(rows.len()).unwrap();
                    for (row, (id, harm)) in rows.iter().enumerate() {
                        match harm {
                            Harm::None => { good.insert(*id, number); }
                            // known by its place only, so each is one of its own
                            Harm::NoObject | Harm::NoId => { bad.insert((None, Some((number, row)), *harm)); }
                            // the same fault of the same receipt is one, however often it is read
                            Harm::Divisor | Harm::Surrogate | Harm::LateLine | Harm::Nul => { bad.insert((Some(*id), None, *harm)); }
                        }
                    }
                }
                let rehearsed = rehearse(&pages.warehouse, RunId(1), &[SHOP]).await.unwrap();
                let counts = pages.stage().await;
                prop_assert_eq!(&rehearsed, &counts);
                let (staged, bad) = (i64::try_from(good.len()).unwrap(), i64::try_from(bad.len()).unwrap());
                prop_assert_eq!(count(&counts, Entity::Receipt), (fetched, staged, bad, fetched - staged - bad));
                let kept: BTreeSet<String> = pages
                    .texts("select concat_ws('|', receipt_id, name, city, zip, total_price, units) from staging.etsy_receipt
                            join (select receipt_id, sum(quantity) as units from staging.etsy_transaction group by 1) as lines
                            using (receipt_id)")
                    .await
                    .into_iter()
                    .collect();
                let expected: BTreeSet<String> =
                    good.keys().map(|id| format!("{id}|Dana Whitlock|Portland|97205|96.50|3")).collect();
                prop_assert_eq!(kept, expected);
                Ok(())
            })
        })
        .unwrap();
}
