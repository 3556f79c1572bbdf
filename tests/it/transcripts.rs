//! Golden transcripts: what a person sees who runs the program, exit codes included.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{Office, Program, transcript};

#[tokio::test]
async fn the_help_teaches() {
    let program = Program::new();
    insta::assert_snapshot!("help", program.run("--help").await.expect(0).transcript());
    let version = program.run("--version").await.expect(0);
    assert_eq!(version.stdout, format!("etsy-odoo {}\n", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn a_command_line_that_does_not_read_is_a_persons_business() {
    let program = Program::new();
    let lines = [
        "",
        "reconcile",
        "plan --shops acme",
        "plan --only stock",
        "apply",
        "apply --plan first",
        "report --format pdf",
        "demo --receipts 0",
        "sandbox --etsy-port 70000",
        "run -v -q",
        "shop login acme --no-browser --refresh-token-stdin",
    ];
    let mut endings = Vec::new();
    for line in lines {
        let ending = program.run(line).await.expect(78);
        assert_eq!(ending.stdout, "");
        endings.push(ending);
    }
    insta::assert_snapshot!("usage", transcript(&endings));
}

#[tokio::test]
async fn the_first_steps_lead_to_a_good_check() {
    let office = Office::new(1).await;
    let shop = &office.shops[0];
    let mut endings = vec![office.init().await, office.init().await];
    endings.push(office.add(shop).await);
    endings.push(office.log_in(shop).await);
    for line in ["shop list".to_owned(), format!("shop show {}", shop.name), "check".to_owned()] {
        endings.push(office.program.run(&line).await);
    }
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("first_steps", transcript(&endings));
}

#[tokio::test]
async fn what_is_planned_is_applied_and_then_there_is_silence() {
    let office = Office::ready(2).await;
    let program = &office.program;
    let plan = program.run("plan").await.expect(2);
    office.settle_turns().await;
    let applied = program.run("apply --plan 1").await.expect(0);
    let second = program.run("plan").await.expect(0);
    let run = program.run("run").await.expect(0);
    assert_eq!(run.said, "");
    let mut endings = vec![plan, applied, second, run];
    for line in ["runs", "report", "rejects"] {
        endings.push(program.run(line).await.expect(0));
    }
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
        assert_eq!(ending.stderr, "");
    }
    insta::assert_snapshot!("plan_and_apply", transcript(&endings));
    let again = program.run("runs show 2").await.expect(0);
    assert_eq!(again.stdout, endings[1].stdout);
}

/// Per shop and subject: what was compared is what was decided or agrees, and the decisions are those that are listed.
#[tokio::test]
async fn the_totals_of_a_plan_foot() {
    let office = Office::ready(3).await;
    let plan = office.program.run("plan --json").await.expect(2);
    office.expect_discretion(&plan.said).await;
    let plan: Value = serde_json::from_str(&plan.said).unwrap();
    assert_eq!(plan["foots"], true);
    let decisions = plan["decisions"].as_array().unwrap();
    let totals = plan["totals"].as_array().unwrap();
    assert_eq!(totals.len(), 9, "three subjects of three shops");
    let mut listed = 0;
    for total in totals {
        let of_total: Vec<&Value> = decisions
            .iter()
            .filter(|one| {
                one["shop_id"] == total["shop"]["id"] && one["subject"] == total["subject"]
            })
            .collect();
        let mut decided = 0;
        for kind in ["act", "hold", "ignore"] {
            let count = of_total.iter().filter(|one| one["decision"] == kind).count();
            assert_eq!(total[kind], count, "{total}");
            decided += count;
        }
        assert_eq!(decided, of_total.len(), "{total}");
        let agrees = usize::try_from(total["agrees"].as_u64().unwrap()).unwrap();
        assert_eq!(total["compared"], agrees + decided, "{total}");
        for money in total["money"].as_array().unwrap() {
            let sum: Decimal = of_total
                .iter()
                .filter(|one| {
                    ["decision", "action", "currency"].iter().all(|key| one[key] == money[key])
                })
                .map(|one| one["amount"].as_str().unwrap().parse::<Decimal>().unwrap())
                .sum();
            assert_eq!(money["amount"].as_str().unwrap().parse(), Ok(sum), "{total}");
        }
        listed += of_total.len();
    }
    assert_eq!(listed, decisions.len());
}

#[tokio::test]
async fn a_dry_run_writes_nothing_to_odoo() {
    let office = Office::ready(2).await;
    let before = office.rows_in_odoo().await;
    let dry = office.program.run("run --dry-run").await.expect(2);
    assert_eq!(office.rows_in_odoo().await, before);
    assert_eq!(dry.stderr, "");
    insta::assert_snapshot!("dry_run", dry.transcript());
    office.program.run("run").await.expect(0);
    let after = office.rows_in_odoo().await;
    for ((table, before), (_, after)) in before.iter().zip(&after) {
        assert!(after > before, "{table}: {before} rows, then {after}");
    }
    office.program.run("run").await.expect(0);
    assert_eq!(office.rows_in_odoo().await, after);
}

#[tokio::test]
async fn the_guard_refuses_until_a_person_allows() {
    let office = Office::ready(1).await;
    let program = &office.program;
    let name = &office.shops[0].name;
    let before = office.rows_in_odoo().await;
    program.run(&format!("shop set {name} guard_new_orders=1")).await.expect(0);
    let endings = [
        program.run("plan").await.expect(4),
        program.run("run").await.expect(4),
        program.run("apply --plan 1").await.expect_one_error(4),
        program.run("runs").await.expect(0),
    ];
    assert_eq!(office.rows_in_odoo().await, before);
    insta::assert_snapshot!("guard", transcript(&endings));
    program.run("apply --plan 1 --allow-large-plan").await.expect(0);
    program.run("run").await.expect(0);
    assert!(office.rows_in_odoo().await > before);
}
