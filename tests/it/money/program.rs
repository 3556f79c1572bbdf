//! `breaks` as a person runs it.

use crate::support::{Office, transcript};

#[tokio::test]
async fn breaks_are_listed_shown_noted_and_assigned() {
    let office = Office::ready(1).await;
    office.program.run("run --allow-large-plan").await.expect(0);
    let nothing = office.program.run("breaks").await.expect(0);
    office
        .in_odoo(
            "update sale_order set amount_total = amount_total + 70 where x_etsy_receipt_id = (
                 select max(x_etsy_receipt_id) from sale_order);
             update sale_order set amount_total = amount_total + 7 where x_etsy_receipt_id = (
                 select min(x_etsy_receipt_id) from sale_order)",
        )
        .await;
    office.program.run("plan --only ledger").await.expect(0);
    let endings = vec![
        nothing,
        office.program.run("breaks list").await.expect(0),
        office.program.run("breaks note 1 Ana gave a discount on the phone").await.expect(0),
        office.program.run("breaks assign 1 Ana").await.expect(0),
        office.program.run("breaks show 1").await.expect(0),
        office.program.run("breaks --json").await.expect(0),
        office.program.run("breaks show 99").await.expect_one_error(78),
    ];
    for ending in &endings {
        assert!(
            ending
                .stdout
                .lines()
                .all(|line| line.starts_with([' ', '{', '}']) || line.chars().count() <= 80)
        );
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("breaks", aged(&transcript(&endings)));
}

/// How old a break is depends on the day, and which number an order has on who was faster.
fn aged(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = match line.split_once("S000") {
            Some((before, after)) => format!("{before}<order>{}", after.get(2..).unwrap()),
            None => line.to_owned(),
        };
        let line = match line.split_once(" days old") {
            Some((before, after)) => {
                let kept = before.trim_end_matches(|letter: char| letter.is_ascii_digit());
                format!("{kept}<n> days old{after}")
            }
            None => line,
        };
        lines.push(if line.contains("\"age_days\"") {
            "      \"age_days\": <n>,".to_owned()
        } else if line.contains("\"order_id\"") {
            "      \"order_id\": <n>,".to_owned()
        } else {
            line
        });
    }
    lines.join("\n")
}
