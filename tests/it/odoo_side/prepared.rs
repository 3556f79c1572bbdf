//! Version, modules, fields and products.

use super::told;
use crate::support::{ADMIN_PASSWORD, BOT_PASSWORD, Office, transcript};

#[tokio::test]
async fn an_administrator_who_is_none() {
    let office = Office::new(1).await;
    let bot = office.pair.options.odoo.login.clone();
    let endings = [
        office.init_as("admin", "guess").await.expect_one_error(78),
        office.init_as("nobody", ADMIN_PASSWORD).await.expect_one_error(78),
        office.init_as(&bot, BOT_PASSWORD).await.expect_one_error(78),
        office.program.run("init").await.expect_one_error(78),
        office.init_as("admin", "").await.expect_one_error(78),
    ];
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("administrator", transcript(&endings));
    office.init().await.expect(0);
    // nothing is left to make, so nobody is needed to make it
    office.program.run("init").await.expect(0);
}

#[tokio::test]
async fn a_field_of_another_kind() {
    let office = Office::new(1).await;
    office
        .in_odoo(
            "select sandbox.add_column('sale_order', 'x_etsy_shop', 'integer', false);
             insert into ir_model_fields (model_id, model, name, ttype, field_description, state, store)
             select id, model, 'x_etsy_shop', 'integer', '{\"en_US\": \"Shop\"}', 'manual', true
             from ir_model where model = 'sale.order'",
        )
        .await;
    let ending = office.init_as("admin", ADMIN_PASSWORD).await.expect_one_error(78);
    insta::assert_snapshot!(ending.stderr, @r"
    error: the field x_etsy_shop of sale.order is of type integer, and has to be plain text
    hint: rename or remove the field x_etsy_shop of sale.order in Odoo (developer mode: Settings, Technical, Fields), then run `etsy-odoo init` again
    ");
    office
        .in_odoo(
            "alter table sale_order drop x_etsy_shop; delete from ir_model_fields where name = 'x_etsy_shop'",
        )
        .await;
    office.init().await.expect(0);
}

#[tokio::test]
async fn a_field_that_is_cut_to_a_length() {
    let office = Office::ready(1).await;
    office
        .in_odoo(
            "alter table sale_order alter x_etsy_receipt_id type varchar(8);
             update ir_model_fields set size = 8 where name = 'x_etsy_receipt_id'",
        )
        .await;
    insta::assert_snapshot!("cut_field", told(&office, 78).await);
    let plan = office.program.run("plan").await.expect_one_error(78);
    insta::assert_snapshot!("cut_field_plan", transcript(&[plan]));
}

#[tokio::test]
async fn a_module_that_is_not_installed() {
    let office = Office::ready(1).await;
    office
        .in_odoo(
            "update ir_module_module set state = 'uninstalled' where name in ('delivery', 'stock_delivery')",
        )
        .await;
    let endings = [
        office.program.run("init").await.expect_one_error(78),
        office.program.run("plan").await.expect_one_error(78),
    ];
    insta::assert_snapshot!("module", transcript(&endings));
    insta::assert_snapshot!("module_check", told(&office, 78).await);
}

#[tokio::test]
async fn products_of_ours_that_are_gone_or_changed() {
    let office = Office::ready(1).await;
    let named = |name: &str| {
        format!(
            "(select res_id from ir_model_data where module = 'etsy' and name = '{name}' and model = 'product.product')"
        )
    };
    let mut checks = Vec::new();
    office
        .in_odoo(&format!(
            "update product_template set invoice_policy = 'delivery'
             where id = (select product_tmpl_id from product_product where id = {});
             insert into product_taxes_rel (prod_id, tax_id)
             select product_tmpl_id, 1 from product_product where id = {}",
            named("service_gift_wrap"),
            named("service_etsy_tax"),
        ))
        .await;
    checks.push(told(&office, 0).await);
    office
        .in_odoo(&format!(
            "update product_product set active = false where id = {}",
            named("service_shipping")
        ))
        .await;
    checks.push(told(&office, 78).await);
    let archived = office.program.run("init").await.expect_one_error(78);
    office
        .in_odoo(
            "update product_product set active = true;
             delete from ir_model_data where name in ('service_discount', 'tag_review');
             delete from product_tag",
        )
        .await;
    checks.push(told(&office, 78).await);
    insta::assert_snapshot!(
        "products",
        format!("{}\n{}", checks.join("\n"), archived.transcript())
    );
    office.init().await.expect(0);
    let made = office.odoo.client().await;
    let row = made
        .query_one(
            "select template.invoice_policy::text, count(tax.tax_id)
             from ir_model_data as named
             join product_product as product on product.id = named.res_id
             join product_template as template on template.id = product.product_tmpl_id
             left join product_taxes_rel as tax on tax.prod_id = template.id
             where named.module = 'etsy' and named.name = 'service_discount' and named.model = 'product.product'
             group by 1",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, String>(0), row.get::<_, i64>(1)), ("order".to_owned(), 1));
}

/// The tax that Etsy collects is not the seller's sale, so its product bears none.
#[tokio::test]
async fn etsys_tax_is_made_without_taxes() {
    let office = Office::ready(1).await;
    let client = office.odoo.client().await;
    let taxed: Vec<String> = client
        .query(
            "select distinct named.name::text
             from ir_model_data as named
             join product_product as product on product.id = named.res_id
             join product_taxes_rel as tax on tax.prod_id = product.product_tmpl_id
             where named.module = 'etsy' and named.model = 'product.product' order by 1",
            &[],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    let expected = ["placeholder", "service_discount", "service_gift_wrap", "service_shipping"];
    assert_eq!(taxed, expected);
}
