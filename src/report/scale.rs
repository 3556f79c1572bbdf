//! Writes all amounts of a currency with the same number of decimals.
//!
//! Neither side says how many a currency has in a way that outlives the run, and the sums show it: Etsy's amounts come
//! with the decimals of their divisor, Odoo's with those that the rounding of its currency left.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::model::RunReport;
use crate::domain::Currency;

/// Decimals that an amount may show because it was stored with them, needed or not.
const USUAL: u32 = 2;

/// Gives every amount the decimals of its currency.
pub(super) fn settle(report: &mut RunReport) {
    let mut scales = Scales::default();
    report.each_amount(&mut |currency, amount| scales.see(currency, *amount));
    report.each_amount(&mut |currency, amount| scales.apply(currency, amount));
}

/// The number of decimals of each currency seen so far.
#[derive(Debug, Default)]
pub(super) struct Scales(BTreeMap<Option<Currency>, u32>);

impl Scales {
    /// Takes note of an amount.
    pub(super) fn see(&mut self, currency: Option<Currency>, amount: Decimal) {
        let needed = amount.normalize().scale();
        let shown = needed.max(amount.scale().min(USUAL));
        // no currency has a single decimal
        let shown = if shown == 1 { USUAL } else { shown };
        let scale = self.0.entry(currency).or_default();
        *scale = (*scale).max(shown);
    }

    /// Every currency, and how many decimals it has.
    pub(super) fn each(&self) -> impl Iterator<Item = (Option<Currency>, u32)> {
        self.0.iter().map(|(currency, decimals)| (*currency, *decimals))
    }

    /// Writes an amount with the decimals of its currency; the value stays the same.
    pub(super) fn apply(&self, currency: Option<Currency>, amount: &mut Decimal) {
        if let Some(scale) = self.0.get(&currency) {
            amount.rescale(*scale);
        }
    }
}

impl RunReport {
    fn each_amount(&mut self, visit: &mut dyn FnMut(Option<Currency>, &mut Decimal)) {
        for total in &mut self.totals {
            let currency = Some(total.currency);
            visit(currency, &mut total.asked);
            visit(currency, &mut total.had);
            visit(currency, &mut total.booked_asked);
            visit(currency, &mut total.booked);
            visit(currency, &mut total.now);
            visit(currency, &mut total.off);
            visit(currency, &mut total.odoo_tax);
            visit(currency, &mut total.with_odoo_tax);
        }
        for shop in &mut self.shops {
            for subject in &mut shop.subjects {
                for line in &mut subject.verdicts {
                    visit(line.currency, &mut line.etsy_amount);
                    visit(line.currency, &mut line.odoo_amount);
                    line.difference.iter_mut().for_each(|amount| visit(line.currency, amount));
                }
                for line in &mut subject.decisions {
                    visit(line.currency, &mut line.at_stake);
                }
                for line in &mut subject.outcomes {
                    visit(line.currency, &mut line.at_stake);
                    visit(line.currency, &mut line.etsy_amount);
                    visit(line.currency, &mut line.odoo_amount);
                }
            }
            for bridge in &mut shop.bridges {
                let currency = Some(bridge.currency);
                visit(currency, &mut bridge.asked);
                visit(currency, &mut bridge.had);
                visit(currency, &mut bridge.booked_asked);
                visit(currency, &mut bridge.booked);
                visit(currency, &mut bridge.cancelled);
                visit(currency, &mut bridge.now);
                visit(currency, &mut bridge.off);
                visit(currency, &mut bridge.odoo_tax);
                visit(currency, &mut bridge.with_odoo_tax);
                bridge.because.iter_mut().for_each(|cause| visit(currency, &mut cause.amount));
            }
        }
        for list in [&mut self.held, &mut self.refused, &mut self.unknown, &mut self.stale] {
            for row in &mut list.rows {
                row.etsy_amount.iter_mut().for_each(|amount| visit(row.currency, amount));
                row.odoo_amount.iter_mut().for_each(|amount| visit(row.currency, amount));
            }
        }
        for total in &mut self.quantities {
            visit(total.currency, &mut total.revenue_off);
            visit(total.currency, &mut total.revenue_on);
        }
        for row in &mut self.off.rows {
            visit(row.currency, &mut row.etsy_amount);
            visit(row.currency, &mut row.odoo_amount);
            visit(row.currency, &mut row.difference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale_of(amounts: &[Decimal]) -> u32 {
        let mut scales = Scales::default();
        for amount in amounts {
            scales.see(None, *amount);
        }
        let mut shown = Decimal::ONE;
        scales.apply(None, &mut shown);
        shown.scale()
    }

    #[test]
    fn the_finest_amount_decides() {
        assert_eq!(scale_of(&[Decimal::new(45, 0), Decimal::new(4512, 2)]), 2);
        assert_eq!(scale_of(&[Decimal::new(1200, 0)]), 0);
        assert_eq!(scale_of(&[Decimal::new(455, 1)]), 2);
        assert_eq!(scale_of(&[Decimal::new(4_550_000, 5)]), 2);
        assert_eq!(scale_of(&[Decimal::new(1_234, 3)]), 3);
        assert_eq!(scale_of(&[Decimal::new(4500, 2)]), 2);
    }
}
