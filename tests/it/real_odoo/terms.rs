//! What orders take over from their shops: taxes, terms, tags, warehouse, team and salesperson, quotations, and products
//! that are unknown. What Odoo must come to is computed again from the world.

use std::collections::BTreeMap;

use etsy_odoo::domain::ShopId;
use etsy_odoo::sandbox::world::{ReceiptStatus, WorldSize};
use etsy_odoo::shop::{EtsyTax, OrderState, Policy, Taxes, UnknownProduct};
use serde_json::{Value, json};

use super::{RealOffice, seed};
use crate::order_terms::{INCLUDED, Order, found, wanted};

/// Records that an accountant and a salesperson have made.
struct Records {
    included: i32,
    exempt: i32,
    term: i32,
    tags: Vec<i32>,
    warehouse: i32,
    team: i32,
    salesperson: i32,
}

impl RealOffice {
    async fn create(&self, model: &str, values: Value) -> i32 {
        let made = self.execute(model, "create", json!([values])).await;
        i32::try_from(made.as_i64().unwrap()).unwrap()
    }

    async fn make_records(&self) -> Records {
        let included = json!({
            "name": "19% incl.", "amount": INCLUDED, "type_tax_use": "sale", "price_include_override": "tax_included",
        });
        let standard =
            self.count("select account_sale_tax_id::bigint from res_company where id = 1");
        let exempt = json!({"name": "Export", "tax_ids": [[0, 0, {"tax_src_id": standard.await}]]});
        let warehouse = json!({"name": "Second", "code": "SND"});
        let term = self.count("select max(id)::bigint from account_payment_term").await;
        Records {
            included: self.create("account.tax", included).await,
            exempt: self.create("account.fiscal.position", exempt).await,
            term: i32::try_from(term).unwrap(),
            tags: vec![
                self.create("crm.tag", json!({"name": "Etsy"})).await,
                self.create("crm.tag", json!({"name": "Online"})).await,
            ],
            warehouse: self.create("stock.warehouse", warehouse).await,
            team: self.create("crm.team", json!({"name": "Market places"})).await,
            salesperson: self.record("base.user_admin").await,
        }
    }

    /// Writes the policy of a shop as a person does.
    async fn decide(&self, shop: &str, policy: &Policy) {
        let ids = |ids: &[i32]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut line = format!(
            "shop set {shop} taxes={} etsy_tax={} order_state={} unknown_product={} tag_ids={}",
            policy.taxes,
            policy.etsy_tax,
            policy.order_state,
            policy.unknown_product,
            ids(&policy.tag_ids),
        );
        for (key, id) in [
            ("tax_id", policy.tax_id),
            ("payment_term_id", policy.payment_term_id),
            ("fiscal_position_id", policy.fiscal_position_id),
            ("warehouse_id", policy.warehouse_id),
            ("team_id", policy.team_id),
            ("salesperson_id", policy.salesperson_id),
        ] {
            if let Some(id) = id {
                line.push_str(&format!(" {key}={id}"));
            }
        }
        self.program.run(&line).await.expect(0);
    }

    async fn due(&self, policies: &BTreeMap<ShopId, Policy>) -> BTreeMap<i64, Order> {
        let world = self.pair.world.lock().await;
        world
            .receipts()
            .iter()
            .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled)
            .map(|receipt| (receipt.receipt_id.0, wanted(receipt, &policies[&receipt.shop_id])))
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn every_tax_policy_and_all_terms_come_to_the_cent() {
    let seed = seed("terms");
    let office = RealOffice::new(WorldSize { receipts: 240, listings: 80, shops: 3, seed }).await;
    let records = office.make_records().await;
    let all = [
        Policy {
            taxes: Taxes::Included,
            tax_id: Some(records.included),
            etsy_tax: EtsyTax::OwnLine,
            payment_term_id: Some(records.term),
            tag_ids: records.tags.clone(),
            warehouse_id: Some(records.warehouse),
            team_id: Some(records.team),
            salesperson_id: Some(records.salesperson),
            ..Policy::default()
        },
        Policy {
            taxes: Taxes::ByOdoo,
            etsy_tax: EtsyTax::OwnLine,
            order_state: OrderState::Draft,
            ..Policy::default()
        },
        Policy {
            taxes: Taxes::ByOdoo,
            fiscal_position_id: Some(records.exempt),
            unknown_product: UnknownProduct::Placeholder,
            ..Policy::default()
        },
    ];
    let mut policies = BTreeMap::new();
    for ((name, id, _), policy) in office.shops().await.into_iter().zip(all) {
        office.decide(&name, &policy).await;
        policies.insert(ShopId(id), policy);
    }
    let plan = office.plan().await;
    office.apply(plan).await.expect(0);
    println!("{:?}", office.states(plan).await);
    let orders = found(&office.odoo).await;
    assert_eq!(orders, office.due(&policies).await);
    office.expect_nothing_twice().await;

    let first = office.shops().await.remove(0);
    let ours = format!(
        "x_etsy_shop = '{}' and warehouse_id = {} and team_id = {} and user_id = {}",
        first.1, records.warehouse, records.team, records.salesperson
    );
    let of_the_first = format!("select count(*) from sale_order where x_etsy_shop = '{}'", first.1);
    let as_decided = office.count(&format!("select count(*) from sale_order where {ours}")).await;
    assert_eq!(as_decided, office.count(&of_the_first).await);
    assert!(as_decided > 0, "the first shop sold nothing");
    office.program.run("plan").await.expect(0);
}
