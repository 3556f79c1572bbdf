//! Books as a person sets them up, reads them, and lets them be made.

use crate::support::{Office, transcript};

const ACCOUNTS: &str = "accounts=sale:121000,fees:620000,payout:101701,carried_forward:101000";

#[tokio::test]
async fn books_are_set_up_checked_read_and_made() {
    let office = Office::ready(1).await;
    let shop = &office.shops[0].name;
    office.program.run(&format!("shop set {shop} ledger_from=2025-01-01")).await.expect(0);
    office.program.run("run --full --allow-large-plan").await.expect(0);
    let run = async |line: &str| office.program.run(&line.replace("SHOP", shop)).await;
    let endings = vec![
        run("shop set SHOP books=draft").await.expect_one_error(78),
        run("shop set SHOP accounts=sales:121000").await.expect_one_error(78),
        run(&format!(
            "shop set SHOP books=draft books_from=2025-12-01 books_journal=INV {ACCOUNTS},ads:999"
        ))
        .await
        .expect(0),
        run("plan --only ledger").await.expect(3),
        run(&format!("shop set SHOP books_journal=MISC {ACCOUNTS}")).await.expect(0),
        run("report entries --from 2025-12-15").await.expect(0),
        run("report entries --from 2025-12-15 --format csv").await.expect(0),
        run("report entries --format xlsx").await.expect_one_error(78),
        run("report entries --format html").await.expect_one_error(78),
        run("report entries --from 2026-01-02 --to 2026-01-01").await.expect_one_error(78),
        run("run --only ledger").await.expect(0),
        run("plan --only ledger").await.expect(0),
        run("report entries --from 2025-12-15").await.expect(0),
    ];
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("books", transcript(&endings));
    let failed = run(&format!("shop set SHOP books_journal=INV {ACCOUNTS},ads:999")).await;
    failed.expect(0);
    let checked = run("check").await.expect(78);
    let said: Vec<&str> =
        checked.stdout.lines().filter(|line| line.contains("books of ")).collect();
    assert_eq!(said.len(), 2, "{}", checked.stdout);
    assert!(said[0].contains("Odoo has no account 999"), "{said:?}");
    assert!(said[1].contains("journal INV is of another type"), "{said:?}");
}
