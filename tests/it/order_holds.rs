//! Orders that wait for a person, and what the person is told.

use etsy_odoo::shop::{self, EtsyTax, Policy, Taxes};

use crate::order_terms::{Records, set_up};
use crate::support::House;

/// Sets the tax policy of every shop, plans, and gives the reasons why orders are held.
async fn reasons(house: &House, change: impl Fn(&mut Policy)) -> Vec<String> {
    for known in house.shops().await {
        let mut policy = Policy::default();
        change(&mut policy);
        shop::set_policy(&house.warehouse, known.id, &policy).await.unwrap();
    }
    let (run, _) = house.plan().await;
    house.end(run.id, 0).await;
    let rows = house
        .ours
        .client()
        .await
        .query(
            "select distinct reason from journal.decision
             where run_id = $1 and subject = 'orders' and decision <> 'act' order by reason",
            &[&run.id.0],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_tax_that_does_not_fit_holds_the_orders_and_says_what_to_do() {
    let house = House::new(6, 10, 1, 5).await;
    let Records { included, .. } = set_up(&house).await;
    let client = house.odoo_database.client().await;
    let with = |tax_id| {
        move |policy: &mut Policy| {
            (policy.taxes, policy.tax_id) = (Taxes::Included, Some(tax_id));
        }
    };
    assert_eq!(reasons(&house, with(included)).await, [""; 0]);
    for (spoil, words) in [
        ("set active = false", "is archived in Odoo"),
        ("set active = true, type_tax_use = 'purchase'", "is not a tax on sales"),
        ("set type_tax_use = 'sale', amount_type = 'group'", "is not a percentage of the price"),
        ("set amount_type = 'percent', price_include_override = null", "comes on top of the price"),
    ] {
        client
            .execute(&format!("update account_tax {spoil} where id = {included}"), &[])
            .await
            .unwrap();
        let held = reasons(&house, with(included)).await;
        assert!(held.len() == 1 && held[0].contains(words), "{words}: {held:?}");
    }
    // without a word of its own, a tax is as its company has them
    let of_company = "update res_company set account_price_include = 'tax_included'";
    client.execute(of_company, &[]).await.unwrap();
    assert_eq!(reasons(&house, with(included)).await, [""; 0]);
    client
        .batch_execute(&format!(
            "update account_tax set amount_type = 'division' where id = {included};
             update res_company set tax_calculation_rounding_method = 'round_globally'"
        ))
        .await
        .unwrap();
    assert!(reasons(&house, with(included)).await[0].contains("rounds globally"));
    assert!(reasons(&house, with(999)).await[0].contains("tax 999 is not in Odoo"));

    let own_line = |policy: &mut Policy| {
        (policy.taxes, policy.etsy_tax) = (Taxes::ByOdoo, EtsyTax::OwnLine);
    };
    assert_eq!(reasons(&house, own_line).await, [""; 0]);
    client
        .execute(
            "insert into product_taxes_rel (prod_id, tax_id)
             select product_tmpl_id, 1 from product_product where id = (
                 select res_id from ir_model_data where model = 'product.product' and name = 'service_etsy_tax')",
            &[],
        )
        .await
        .unwrap();
    assert!(reasons(&house, own_line).await[0].contains("would tax the tax that Etsy collected"));

    // another company, and a shop that does not say of which it is
    client
        .execute(
            "insert into res_company (name, partner_id, currency_id, parent_path, active)
             select 'Sister', partner_id, currency_id, '2/', true from res_company",
            &[],
        )
        .await
        .unwrap();
    let percent = format!("update account_tax set amount_type = 'percent' where id = {included}");
    client.execute(&percent, &[]).await.unwrap();
    assert!(reasons(&house, with(included)).await[0].contains("set company_id"));
    let of = |company_id| {
        move |policy: &mut Policy| {
            with(included)(policy);
            policy.company_id = Some(company_id);
        }
    };
    assert_eq!(reasons(&house, of(1)).await, [""; 0]);
    assert!(reasons(&house, of(2)).await[0].contains("is of another company than the shop"));
    // a branch uses the taxes of its parent
    client.execute("update res_company set parent_path = '1/2/' where id = 2", &[]).await.unwrap();
    assert_eq!(reasons(&house, of(2)).await, [""; 0]);
}

#[tokio::test]
async fn a_missing_pricelist_or_currency_holds_the_orders_and_says_what_to_do() {
    let house = House::new(6, 10, 1, 5).await;
    let client = house.odoo_database.client().await;
    let currency = house.pair.world.lock().await.receipts()[0].currency.to_string();
    let row = client
        .query_one(
            "select pricelist.id, pricelist.currency_id from product_pricelist as pricelist
             join res_currency as currency on currency.id = pricelist.currency_id where currency.name = $1",
            &[&currency],
        )
        .await
        .unwrap();
    let (list, currency_id): (i32, i32) = (row.get(0), row.get(1));
    let other: i32 = client
        .query_one("select min(id) from product_pricelist where id <> $1", &[&list])
        .await
        .unwrap()
        .get(0);
    let named = |id| move |policy: &mut Policy| policy.pricelist_id = Some(id);
    assert_eq!(reasons(&house, named(list)).await, [""; 0]);
    assert!(reasons(&house, named(999)).await[0].contains("pricelist 999 is not in Odoo"));
    assert!(
        reasons(&house, named(other)).await[0]
            .contains(&format!("is not in {currency}; set pricelist_id"))
    );
    client.execute("update product_pricelist set company_id = 1", &[]).await.unwrap();
    client
        .execute(
            "insert into res_company (name, partner_id, currency_id, parent_path, active)
             select 'Sister', partner_id, currency_id, '2/', true from res_company",
            &[],
        )
        .await
        .unwrap();
    let of_sister = |policy: &mut Policy| policy.company_id = Some(2);
    assert!(
        reasons(&house, of_sister).await[0]
            .contains(&format!("every pricelist in {currency} is of another company"))
    );
    let archive = "update product_pricelist set active = false where id = $1";
    client.execute(archive, &[&list]).await.unwrap();
    assert!(reasons(&house, named(list)).await[0].contains("is archived in Odoo; restore it"));
    assert!(
        reasons(&house, |_| ()).await[0]
            .contains(&format!("every pricelist in {currency} is archived"))
    );
    let elsewhere = "update product_pricelist set currency_id = (select currency_id from product_pricelist where id = $2)
         where id = $1";
    client.execute(elsewhere, &[&list, &other]).await.unwrap();
    assert!(
        reasons(&house, |_| ()).await[0]
            .contains(&format!("Odoo has no pricelist in {currency}; make one"))
    );
    client
        .execute("update res_currency set active = false where id = $1", &[&currency_id])
        .await
        .unwrap();
    assert!(
        reasons(&house, |_| ()).await[0]
            .contains(&format!("{currency} is not active in Odoo; activate it"))
    );
}

/// An order that a person made for a receipt is theirs: it is compared, and never made again.
#[tokio::test]
async fn an_order_made_by_hand_is_compared_and_never_doubled() {
    let house = House::new(8, 10, 1, 5).await;
    house.run().await;
    let client = house.odoo_database.client().await;
    let orders = "select count(*) from sale_order where x_etsy_receipt_id is not null";
    let before: i64 = client.query_one(orders, &[]).await.unwrap().get(0);
    // as if a person had made them: no external ids, and no transactions on the lines
    client
        .batch_execute(
            "delete from ir_model_data where module = 'etsy' and model in ('sale.order', 'sale.order.line');
             update sale_order_line set x_etsy_transaction_id = null",
        )
        .await
        .unwrap();
    assert_eq!(reasons(&house, |_| ()).await, [""; 0], "what agrees agrees, whoever made it");
    let spoiled: i32 = client
        .query_one(
            "select min(id) from sale_order where x_etsy_receipt_id <> '' and state = 'sale'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    for (change, words) in [
        ("set state = 'draft'", "was made by hand for this receipt; confirm it in Odoo"),
        (
            "set state = 'sale', date_order = date_order + interval '1 day'",
            "was made by hand for this receipt; set its date to",
        ),
        (
            "set date_order = date_order - interval '1 day', amount_total = amount_total + 1",
            "in Odoo; correct it in Odoo",
        ),
    ] {
        client
            .execute(&format!("update sale_order {change} where id = {spoiled}"), &[])
            .await
            .unwrap();
        let held = reasons(&house, |_| ()).await;
        assert!(held.len() == 1 && held[0].contains(words), "{words}: {held:?}");
        house.run().await;
        let now: i64 = client.query_one(orders, &[]).await.unwrap().get(0);
        assert_eq!(now, before, "{words}");
    }
}
