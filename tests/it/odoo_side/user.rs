//! The user of the runs: what he may, and what he need not.

use super::{leave, told};
use crate::support::{ADMIN_PASSWORD, Office, transcript};

#[tokio::test]
async fn a_right_that_is_missing_is_named_with_its_group() {
    let office = Office::ready(1).await;
    leave(&office, "base.group_partner_manager").await;
    leave(&office, "product.group_product_manager").await;
    leave(&office, "sales_team.group_sale_salesman_all_leads").await;
    insta::assert_snapshot!("rights", told(&office, 78).await);
    // a policy that makes no products asks for no right to make them
    let name = &office.shops[0].name;
    office.program.run(&format!("shop set {name} unknown_product=hold")).await.expect(0);
    assert!(!told(&office, 78).await.contains("product."));
}

#[tokio::test]
async fn a_right_that_is_missing_in_a_run_ends_it_with_the_group() {
    let office = Office::ready(1).await;
    office.program.run("plan").await.expect(2);
    leave(&office, "base.group_partner_manager").await;
    let ending = office.program.run("apply --plan 1").await.expect_one_error(78);
    insta::assert_snapshot!(transcript(&[ending]));
    let client = office.odoo.client().await;
    client
        .execute(
            "insert into res_groups_users_rel (gid, uid)
             select res_id, 6 from ir_model_data where name = 'group_partner_manager'",
            &[],
        )
        .await
        .unwrap();
    office.program.run("apply --plan 1").await.expect(0);
}

/// Odoo refuses to load an address for such a user, as a fault of the row: it is none, and stops the run.
#[tokio::test]
async fn addresses_ask_for_a_right_of_accounting() {
    let office = Office::ready(1).await;
    office.program.run("plan").await.expect(2);
    leave(&office, "account.group_account_readonly").await;
    leave(&office, "account.group_account_invoice").await;
    let check = told(&office, 78).await;
    let ending = office.program.run("apply --plan 1").await.expect_one_error(78);
    insta::assert_snapshot!("addresses", format!("{check}\n{}", transcript(&[ending])));
}

#[tokio::test]
async fn an_administrator_is_more_than_a_run_needs() {
    let office = Office::ready(1).await;
    let variables = [
        ("ETSY_ODOO_ODOO__LOGIN", office.pair.options.odoo.admin_login.as_str()),
        ("ETSY_ODOO_ODOO__API_KEY", ADMIN_PASSWORD),
    ];
    let check = office.program.run_with("check", &variables).await.expect(0);
    office.expect_discretion(&check.said).await;
    insta::assert_snapshot!("administrator_runs", super::of_odoo(&check));
}

#[tokio::test]
async fn a_key_that_ends_soon() {
    let office = Office::ready(1).await;
    let key = |days: &str| {
        format!(
            "insert into res_users_apikeys (name, user_id, scope, expiration_date)
             values ('runs', 6, 'rpc', (now() at time zone 'utc') + interval '{days} days')"
        )
    };
    office.in_odoo(&key("60")).await;
    assert!(!told(&office, 0).await.contains("warn"));
    office.in_odoo(&key("5")).await;
    let several = told(&office, 0).await;
    office
        .in_odoo("delete from res_users_apikeys where expiration_date > now() + interval '30 days'")
        .await;
    let one = told(&office, 0).await;
    insta::assert_snapshot!("key", format!("{several}\n{one}"));
}

#[tokio::test]
async fn a_company_that_the_user_may_not_work_for() {
    let office = Office::ready(1).await;
    let name = &office.shops[0].name;
    office.program.run(&format!("shop set {name} company_id=7")).await.expect(0);
    insta::assert_snapshot!("company", told(&office, 78).await);
}

/// Only shops whose quantities are taken over into Odoo need it.
#[tokio::test]
async fn a_shop_that_counts_asks_for_the_right_to_count() {
    let office = Office::ready(1).await;
    leave(&office, "stock.group_stock_user").await;
    assert!(!told(&office, 0).await.contains("counts"));
    let name = &office.shops[0].name;
    office.program.run(&format!("shop set {name} stock_master=etsy")).await.expect(0);
    insta::assert_snapshot!("counts", told(&office, 78).await);
}
