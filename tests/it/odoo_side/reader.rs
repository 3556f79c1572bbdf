//! The role that reads Odoo's database, and the database that it finds.

use etsy_odoo::db::embedded::SUPERUSER;
use etsy_odoo::db::{Trespasses, try_to_write};

use super::{of_odoo, told};
use crate::support::{Office, as_role, transcript};

#[tokio::test]
async fn a_reader_that_could_write() {
    let office = Office::ready(1).await;
    let reader = &office.pair.options.reader;
    let before = office.rows_in_odoo().await;
    office.in_odoo(&format!("grant update (name) on sale_order to {reader}")).await;
    let mut checks = vec![told(&office, 78).await];
    office
        .in_odoo(&format!(
            "revoke update (name) on sale_order from {reader}; grant create on schema public to {reader};
             grant delete on stock_quant to {reader}"
        ))
        .await;
    checks.push(told(&office, 78).await);
    let owner = as_role(&office.odoo.url(), SUPERUSER);
    let variables = [("ETSY_ODOO_ODOO__READ_URL", owner.as_str())];
    checks.push(of_odoo(&office.program.run_with("check", &variables).await.expect(78)));
    insta::assert_snapshot!("reader_writes", checks.join("\n"));
    assert_eq!(office.rows_in_odoo().await, before);
    // a run opens it read only in any case
    office.program.run_with("plan", &variables).await.expect(2);
}

/// The attempt leaves nothing behind, whatever the role may do.
#[tokio::test]
async fn an_attempt_to_write_changes_nothing() {
    let office = Office::ready(1).await;
    let client = office.odoo.client().await;
    let footprint = "select (select count(*) from pg_class where relname like 'etsy_odoo%'), \
                     (select sum(n_tup_ins + n_tup_upd + n_tup_del)::text from pg_stat_xact_all_tables), \
                     (select count(*) from sale_order), (select max(xmin::text::bigint) from sale_order)";
    let read = async || {
        let row = client.query_one(footprint, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(2), row.get::<_, Option<i64>>(3))
    };
    let before = read().await;
    let found = try_to_write(office.odoo.config()).await.unwrap();
    let deeds = [
        "create tables",
        "create temporary tables",
        "insert orders",
        "change orders",
        "delete orders",
    ];
    assert_eq!(found.deeds, deeds);
    assert_eq!(found.tables.first().map(String::as_str), Some("product_template"));
    assert_eq!(read().await, before);
    let mut reader = office.odoo.config();
    reader.user(&office.pair.options.reader);
    assert_eq!(try_to_write(reader).await.unwrap(), Trespasses::default());
}

#[tokio::test]
async fn a_reader_that_sees_too_much() {
    let office = Office::ready(1).await;
    let reader = &office.pair.options.reader;
    office.in_odoo(&format!("grant select on stock_quant to {reader}")).await;
    let mut checks = vec![told(&office, 0).await];
    office
        .in_odoo(&format!(
            "grant select on res_partner to {reader}; grant select (access_token) on sale_order to {reader}"
        ))
        .await;
    checks.push(told(&office, 0).await);
    office.grant().await;
    checks.push(told(&office, 0).await);
    insta::assert_snapshot!("reader_sees", checks.join("\n"));
}

/// Every command that reads Odoo finds it, before it asks Etsy for anything.
#[tokio::test]
async fn a_database_that_has_moved() {
    let office = Office::ready(1).await;
    let mut endings = Vec::new();
    let read_before = office.pair.world.lock().await.receipts().len();
    for (change, back) in [
        (
            "alter table res_partner rename zip to post_code",
            "alter table res_partner rename post_code to zip",
        ),
        (
            "alter table res_country_state alter name type jsonb using to_jsonb(name)",
            "alter table res_country_state alter name type varchar using name #>> '{}'",
        ),
        (
            "update ir_module_module set latest_version = '19.0.1.0' where name = 'base'",
            "update ir_module_module set latest_version = '18.0.1.3' where name = 'base'",
        ),
    ] {
        office.in_odoo(change).await;
        for line in ["plan", "run", "snapshot"] {
            let ending = office.program.run(line).await.expect_one_error(78);
            if line == "plan" {
                endings.push(ending);
            }
        }
        office.program.run("check").await.expect(78);
        office.in_odoo(back).await;
    }
    let reader = &office.pair.options.reader;
    office.in_odoo(&format!("revoke select (zip) on res_partner from {reader}")).await;
    endings.push(office.program.run("plan").await.expect_one_error(78));
    office.grant().await;
    insta::assert_snapshot!("moved", transcript(&endings));
    let warehouse = office.warehouse().await;
    let client = warehouse.client().await.unwrap();
    let pages: i64 =
        client.query_one("select count(*) from snapshot.etsy_page", &[]).await.unwrap().get(0);
    assert_eq!(pages, 0, "Etsy was asked, of {read_before} receipts");
    office.program.run("plan").await.expect(2);
}

#[tokio::test]
async fn a_document_for_programs() {
    let office = Office::ready(1).await;
    office.in_odoo("update product_product set active = false").await;
    let check = office.program.run("check --json").await.expect(78);
    let document: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    assert_eq!(document["schema"], "etsy-odoo/check/1");
    let checks = document["checks"].as_array().unwrap();
    let failed: Vec<_> = checks.iter().filter(|check| check["status"] == "fail").collect();
    assert_eq!(failed.len(), 5);
    assert_eq!(failed[0]["what"], "Odoo's products");
    assert_eq!(failed[0]["found"], "the product \"Etsy shipping\" is archived in Odoo");
    assert!(failed[0]["hint"].as_str().unwrap().starts_with("unarchive it"));
    assert!(checks.iter().all(|check| ["ok", "fail"].contains(&check["status"].as_str().unwrap())));
}
