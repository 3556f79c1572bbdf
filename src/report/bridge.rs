//! From what Etsy asks for to what Odoo has: finance's question, answered to the cent.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::figures::{Bridge, Cause, CurrencyTotal, Progress, ShopReport};
use super::rows::{MatterRow, TallyRow, asked, counts};
use crate::domain::{ActionKind, Currency, DecisionKind, Standing, Subject, Verdict};

/// One bridge per currency in which the orders of a shop were compared. `off` comes from the tally and from what was
/// booked, `because` from the findings one by one; that they meet follows from the sums that `foot` checks.
pub(super) fn bridges(tally: &[&TallyRow], matters: &[&MatterRow]) -> Vec<Bridge> {
    let currencies: BTreeSet<Currency> = tally
        .iter()
        .filter(|line| line.subject == Subject::Orders)
        .filter_map(|line| line.currency)
        .collect();
    currencies.into_iter().map(|currency| bridge(currency, tally, matters)).collect()
}

fn bridge(currency: Currency, tally: &[&TallyRow], matters: &[&MatterRow]) -> Bridge {
    let mut bridge = Bridge {
        currency,
        orders: 0,
        asked: Decimal::ZERO,
        had: Decimal::ZERO,
        booked_orders: 0,
        booked_asked: Decimal::ZERO,
        booked: Decimal::ZERO,
        cancelled_orders: 0,
        cancelled: Decimal::ZERO,
        now: Decimal::ZERO,
        off: Decimal::ZERO,
        odoo_tax: Decimal::ZERO,
        with_odoo_tax: Decimal::ZERO,
        because: Vec::new(),
        in_another_currency: 0,
    };
    for line in tally {
        let is_ours = line.subject == Subject::Orders && line.currency == Some(currency);
        if is_ours && counts(line.standing, line.verdict) {
            bridge.orders += line.keys;
            bridge.asked += asked(line.standing, line.etsy);
            bridge.had += line.odoo;
            bridge.odoo_tax += line.odoo_tax;
        }
    }
    let mut causes = Causes::new();
    for matter in matters {
        let is_ours = matter.subject == Subject::Orders && matter.currency == Some(currency);
        if is_ours && counts(matter.standing, matter.verdict) {
            bridge.add(matter);
            bridge.odoo_tax += matter.odoo_tax_now - matter.odoo_tax;
            let key = (matter.standing, matter.verdict, matter.decision, matter.progress);
            let cause = causes.entry(key).or_default();
            cause.0 += matter.off;
            cause.1 += matter.odoo_now - asked(matter.standing, matter.etsy);
        }
    }
    bridge.now = bridge.had + bridge.booked + bridge.cancelled;
    bridge.off = bridge.now - bridge.asked;
    bridge.with_odoo_tax = bridge.now + bridge.odoo_tax;
    bridge.because = causes
        .into_iter()
        .filter(|(_, (_, amount))| !amount.is_zero())
        .map(|((standing, verdict, decision, progress), (orders, amount))| Cause {
            standing,
            verdict,
            decision,
            progress,
            orders,
            amount,
        })
        .collect();
    bridge
}

/// The sum of all shops' bridges, per currency.
pub(super) fn totals(shops: &[ShopReport]) -> Vec<CurrencyTotal> {
    let mut totals: BTreeMap<Currency, CurrencyTotal> = BTreeMap::new();
    for bridge in shops.iter().flat_map(|shop| &shop.bridges) {
        let total = totals.entry(bridge.currency).or_insert_with(|| CurrencyTotal {
            currency: bridge.currency,
            orders: 0,
            asked: Decimal::ZERO,
            had: Decimal::ZERO,
            booked_orders: 0,
            booked_asked: Decimal::ZERO,
            booked: Decimal::ZERO,
            now: Decimal::ZERO,
            off: Decimal::ZERO,
            odoo_tax: Decimal::ZERO,
            with_odoo_tax: Decimal::ZERO,
        });
        total.orders += bridge.orders;
        total.asked += bridge.asked;
        total.had += bridge.had;
        total.booked_orders += bridge.booked_orders;
        total.booked_asked += bridge.booked_asked;
        total.booked += bridge.booked;
        total.now += bridge.now;
        total.off += bridge.off;
        total.odoo_tax += bridge.odoo_tax;
        total.with_odoo_tax += bridge.with_odoo_tax;
    }
    totals.into_values().collect()
}

type Causes = BTreeMap<(Standing, Verdict, Option<DecisionKind>, Option<Progress>), (i64, Decimal)>;

impl Bridge {
    fn add(&mut self, matter: &MatterRow) {
        self.in_another_currency += matter.in_another_currency;
        if matter.progress != Some(Progress::Applied) {
            return;
        }
        match matter.action {
            Some(ActionKind::BookOrder) => {
                self.booked_orders += matter.decisions;
                self.booked_asked += asked(matter.standing, matter.etsy);
                self.booked += matter.odoo_now - matter.odoo;
            }
            Some(ActionKind::CancelOrder) => {
                self.cancelled_orders += matter.decisions;
                self.cancelled += matter.odoo_now - matter.odoo;
            }
            Some(
                ActionKind::CreateProduct
                | ActionKind::UpdateProduct
                | ActionKind::CreateCustomer
                | ActionKind::ChangeAddress
                | ActionKind::CountStock
                | ActionKind::CreateEntry
                | ActionKind::DeactivateListing
                | ActionKind::LowerInventory
                | ActionKind::RaiseInventory
                | ActionKind::ReactivateListing,
            )
            | None => {}
        }
    }
}
