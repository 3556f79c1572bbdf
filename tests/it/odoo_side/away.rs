//! Odoo in maintenance, restored, moved, or never there.

use etsy_odoo::sandbox::faults::{Fault, FaultRule};

use crate::support::{Office, TestDatabase, as_role, transcript};

fn status(code: u16, body: &str) -> Fault {
    Fault::Status { code, body: body.to_owned(), after_effect: false }
}

#[tokio::test]
async fn an_odoo_in_maintenance_is_tried_again() {
    let office = Office::ready(1).await;
    office.program.run("plan").await.expect(2);
    let mut endings = Vec::new();
    for (fault, code) in [
        (Fault::Html, 75),
        (status(502, "<html>bad gateway</html>"), 75),
        (status(200, "<html>we are back soon</html>"), 75),
        (Fault::ResetBefore, 75),
        (status(200, "{\"message\": \"hello\"}"), 78),
        (status(403, ""), 78),
        (status(404, ""), 78),
    ] {
        office.pair.options.odoo.faults.replace(vec![FaultRule::every(
            "common.authenticate",
            1,
            fault,
        )]);
        endings.push(office.program.run("apply --plan 1").await.expect_one_error(code));
        office.pair.options.odoo.faults.replace(Vec::new());
    }
    insta::assert_snapshot!("maintenance", transcript(&endings));
    office.program.run("apply --plan 1").await.expect(0);
}

/// What was read before is no mistake in a setting when it is gone.
#[tokio::test]
async fn a_database_that_was_there_is_away_and_another_is_a_mistake() {
    let office = Office::ready(1).await;
    let empty = TestDatabase::empty().await;
    let read_url = |url: &str| as_role(url, &office.pair.options.reader);
    let nowhere = crate::support::of_database(&read_url(&office.odoo.url()), "nowhere");
    let variable = "ETSY_ODOO_ODOO__READ_URL";
    let mut endings = Vec::new();
    for url in [&nowhere, &read_url(&empty.url())] {
        endings
            .push(office.program.run_with("plan", &[(variable, url)]).await.expect_one_error(78));
    }
    office.program.run("plan").await.expect(2);
    // as if those had been read
    let warehouse = office.warehouse().await;
    let client = warehouse.client().await.unwrap();
    for name in ["nowhere", empty.name()] {
        client.execute("update snapshot.odoo_read set database = $1", &[&name]).await.unwrap();
        let url = crate::support::of_database(&read_url(&office.odoo.url()), name);
        endings
            .push(office.program.run_with("plan", &[(variable, &url)]).await.expect_one_error(75));
    }
    let database = ("ETSY_ODOO_ODOO__DATABASE", "elsewhere");
    endings.push(office.program.run_with("apply --plan 3", &[database]).await.expect_one_error(78));
    client.execute("update snapshot.odoo_read set database = 'elsewhere'", &[]).await.unwrap();
    endings.push(office.program.run_with("apply --plan 3", &[database]).await.expect_one_error(75));
    insta::assert_snapshot!("away", transcript(&endings).replace(empty.name(), "<empty>"));
}

#[tokio::test]
async fn two_databases_are_asked_about() {
    let office = Office::ready(1).await;
    let variables = [("ETSY_ODOO_ODOO__DATABASE", "another")];
    let check = office.program.run_with("check", &variables).await.expect(78);
    insta::assert_snapshot!("two_databases", super::of_odoo(&check));
}
