//! What an order takes over from its shop, over the whole line: taxes, terms, notes. What Odoo must come to is computed
//! again from the world, in integers.

use std::collections::BTreeMap;

use etsy_odoo::domain::ShopId;
use etsy_odoo::report::{self, RunReport};
use etsy_odoo::sandbox::world::{Receipt, ReceiptStatus};
use etsy_odoo::shop::{self, EtsyTax, OrderState, Policy, Taxes};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;

use crate::support::House;

/// The tax that is included, in percent; the other one, of the seeded company, comes on top.
const INCLUDED: i64 = 19;
const ON_TOP: i64 = 15;

/// An order as Odoo has it, or as it must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    total: Decimal,
    tax: Decimal,
    state: String,
    lines: i64,
    notes: i64,
    terms: [Option<i32>; 2],
    tags: Vec<i32>,
}

/// Records in Odoo that policies name.
struct Records {
    included: i32,
    exempt: i32,
    term: i32,
    tags: Vec<i32>,
}

/// What an accountant sets up in Odoo.
async fn set_up(house: &House) -> Records {
    let client = house.odoo_database.client().await;
    let id =
        async |statement: &str| -> i32 { client.query_one(statement, &[]).await.unwrap().get(0) };
    let included = id("insert into account_tax (name, amount, price_include_override, active)
         values ('{\"en_US\": \"19% incl.\"}', 19, 'tax_included', true) returning id")
    .await;
    let exempt = id("insert into account_fiscal_position (name, active) values ('{\"en_US\": \"Export\"}', true) returning id").await;
    client
        .execute(
            "insert into account_fiscal_position_tax (position_id, tax_src_id) values ($1, 1)",
            &[&exempt],
        )
        .await
        .unwrap();
    let term = id("select max(id) from account_payment_term").await;
    let etsy = id("insert into crm_tag (name) values ('{\"en_US\": \"Etsy\"}') returning id").await;
    let gift =
        id("insert into crm_tag (name) values ('{\"en_US\": \"Online\"}') returning id").await;
    Records { included, exempt, term, tags: vec![etsy, gift] }
}

async fn found(house: &House) -> BTreeMap<i64, Order> {
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select o.x_etsy_receipt_id::bigint, o.amount_total, o.amount_tax, o.state,
                 (select count(*) from sale_order_line l where l.order_id = o.id and l.display_type is null),
                 (select count(*) from sale_order_line l where l.order_id = o.id and l.display_type = 'line_note'
                     and l.product_id is null and l.product_uom is null and l.price_total = 0),
                 o.payment_term_id, o.fiscal_position_id,
                 array(select tag_id from sale_order_tag_rel r where r.order_id = o.id order by tag_id)
             from sale_order o
             where o.x_etsy_receipt_id is not null",
            &[],
        )
        .await
        .unwrap();
    let orders: BTreeMap<i64, Order> = rows
        .iter()
        .map(|row| {
            let order = Order {
                total: row.get::<_, Decimal>(1).normalize(),
                tax: row.get::<_, Decimal>(2).normalize(),
                state: row.get(3),
                lines: row.get(4),
                notes: row.get(5),
                terms: [row.get(6), row.get(7)],
                tags: row.get(8),
            };
            (row.get(0), order)
        })
        .collect();
    assert_eq!(orders.len(), rows.len(), "a receipt has more than one order");
    orders
}

/// A quotient of integers, half away from zero.
fn rounded(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend.abs() + divisor) / (2 * divisor) * dividend.signum()
}

/// What a receipt must be in Odoo.
fn wanted(receipt: &Receipt, policy: &Policy) -> Order {
    let goods = receipt.lines.iter().map(|line| line.price * line.quantity);
    let charges = [-receipt.discount(), receipt.shipping, receipt.gift_wrap];
    let prices: Vec<i64> = goods.chain(charges.into_iter().filter(|amount| *amount != 0)).collect();
    let collected = match policy.etsy_tax {
        EtsyTax::LeftOut => 0,
        EtsyTax::OwnLine => receipt.tax + receipt.vat,
    };
    let as_priced = prices.iter().sum::<i64>() + collected;
    let (tax, added) = match policy.taxes {
        Taxes::AsPaid => (0, 0),
        Taxes::Included => {
            let bases = prices.iter().map(|price| rounded(price * 100, 100 + INCLUDED));
            (prices.iter().sum::<i64>() - bases.sum::<i64>(), 0)
        }
        // a fiscal position that exempts
        Taxes::ByOdoo if policy.fiscal_position_id.is_some() => (0, 0),
        Taxes::ByOdoo => {
            let tax = prices.iter().map(|price| rounded(price * ON_TOP, 100)).sum();
            (tax, tax)
        }
    };
    let decimal = |minor| Decimal::new(minor, u32::from(receipt.decimals)).normalize();
    Order {
        total: decimal(as_priced + added),
        tax: decimal(tax),
        state: policy.order_state.to_string(),
        lines: i64::try_from(prices.len()).unwrap() + i64::from(collected != 0),
        notes: i64::from(receipt.message_from_buyer.is_some())
            + i64::from(receipt.gift_message.is_some()),
        terms: [policy.payment_term_id, policy.fiscal_position_id],
        tags: policy.tag_ids.clone(),
    }
}

async fn due(house: &House, policies: &BTreeMap<ShopId, Policy>) -> BTreeMap<i64, Order> {
    let world = house.pair.world.lock().await;
    world
        .receipts()
        .iter()
        .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled)
        .map(|receipt| (receipt.receipt_id.0, wanted(receipt, &policies[&receipt.shop_id])))
        .collect()
}

/// A shop's choices, before Odoo's ids are known.
#[derive(Debug, Clone, Copy)]
struct Choices {
    taxes: Taxes,
    etsy_tax: EtsyTax,
    order_state: OrderState,
    has_terms: bool,
}

fn any_choices() -> impl Strategy<Value = Choices> {
    (
        prop::sample::select(Taxes::ALL),
        prop::sample::select(EtsyTax::ALL),
        prop::sample::select(OrderState::ALL),
        any::<bool>(),
    )
        .prop_map(|(taxes, etsy_tax, order_state, has_terms)| Choices {
            taxes,
            etsy_tax,
            order_state,
            has_terms,
        })
}

impl Choices {
    fn policy(self, records: &Records) -> Policy {
        let mut policy = Policy {
            taxes: self.taxes,
            tax_id: (self.taxes == Taxes::Included).then_some(records.included),
            etsy_tax: self.etsy_tax,
            order_state: self.order_state,
            ..Policy::default()
        };
        if self.has_terms {
            policy.payment_term_id = Some(records.term);
            policy.fiscal_position_id = Some(records.exempt);
            policy.tag_ids.clone_from(&records.tags);
        }
        policy
    }
}

/// The money of a report must be the money of Odoo.
fn expect_money(report: &RunReport, orders: &BTreeMap<i64, Order>, added: Decimal) {
    assert!(report.foots, "{:?}", report.broken_sums);
    let total = |amount: fn(&report::CurrencyTotal) -> Decimal| -> Decimal {
        report.totals.iter().map(amount).sum()
    };
    assert_eq!(total(|total| total.off), Decimal::ZERO);
    assert_eq!(total(|total| total.odoo_tax), added);
    let in_odoo: Decimal = orders.values().map(|order| order.total).sum();
    assert_eq!(total(|total| total.with_odoo_tax), in_odoo);
}

async fn expect_to_the_cent(choices: [Choices; 3], seed: u64) {
    let house = House::new(36, 20, 3, seed).await;
    let records = set_up(&house).await;
    let mut policies = BTreeMap::new();
    for (known, choices) in house.shops().await.iter().zip(choices) {
        let policy = choices.policy(&records);
        shop::set_policy(&house.warehouse, known.id, &policy).await.unwrap();
        policies.insert(known.id, policy);
    }
    let (run, planned) = house.run().await;
    assert_eq!(planned.holds, 0, "{planned:?}");
    let orders = found(&house).await;
    assert_eq!(orders, due(&house, &policies).await, "{choices:?}, seed {seed}");
    let left_to_odoo: Decimal = {
        let world = house.pair.world.lock().await;
        let by_odoo = world
            .receipts()
            .iter()
            .filter(|receipt| policies[&receipt.shop_id].taxes == Taxes::ByOdoo);
        by_odoo.filter_map(|receipt| orders.get(&receipt.receipt_id.0)).map(|order| order.tax).sum()
    };
    let report = report::load_report(&house.warehouse, run.id).await.unwrap();
    expect_money(&report, &orders, left_to_odoo);

    // what is there is found as it was booked, whatever the buyer writes afterwards
    house
        .ours
        .client()
        .await
        .execute(
            "update staging.etsy_receipt set message_from_buyer = 'And a card, please', content_hash = content_hash + 1",
            &[],
        )
        .await
        .unwrap();
    let (second, nothing) = house.run().await;
    assert_eq!((nothing.acts, nothing.holds), (0, 0), "{choices:?}, seed {seed}");
    let report = report::load_report(&house.warehouse, second.id).await.unwrap();
    expect_money(&report, &orders, left_to_odoo);
}

/// Every tax policy with either treatment of Etsy's tax, and random worlds and terms.
#[test]
fn every_tax_policy_comes_to_the_cent_and_a_second_run_plans_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (etsy_tax, order_state, has_terms, seed) in [
        (EtsyTax::LeftOut, OrderState::Sale, false, 21),
        (EtsyTax::OwnLine, OrderState::Draft, false, 22),
        (EtsyTax::OwnLine, OrderState::Sale, true, 23),
    ] {
        let choices = |taxes| Choices { taxes, etsy_tax, order_state, has_terms };
        let all = [Taxes::AsPaid, Taxes::Included, Taxes::ByOdoo].map(choices);
        runtime.block_on(expect_to_the_cent(all, seed));
    }
    let mut runner =
        TestRunner::new(Config { cases: 3, failure_persistence: None, ..Config::default() });
    let any = (prop::array::uniform3(any_choices()), 100_u64..1_000_000);
    runner
        .run(&any, |(choices, seed)| {
            runtime.block_on(expect_to_the_cent(choices, seed));
            Ok(())
        })
        .unwrap();
}

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
    client.execute("delete from product_pricelist where id = $1", &[&list]).await.unwrap();
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
    let spoiled =
        "(select min(id) from sale_order where x_etsy_receipt_id is not null and state = 'sale')";
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
