//! Writes all amounts of a currency with the same number of decimals.

use rust_decimal::Decimal;

use super::account::{Account, Figures, Tie};
use super::model::{EntryRow, PeriodReport, ReceiptRow};
use crate::domain::Currency;
use crate::report::scale::Scales;

/// Gives every amount the decimals of its currency, and keeps what they are.
pub(super) fn settle(report: &mut PeriodReport) {
    let mut scales = Scales::default();
    each_amount(report, &mut |currency, amount| scales.see(Some(currency), *amount));
    each_amount(report, &mut |currency, amount| scales.apply(Some(currency), amount));
    report.decimals =
        scales.each().filter_map(|(currency, decimals)| Some((currency?, decimals))).collect();
}

type Visit<'v> = &'v mut dyn FnMut(Currency, &mut Decimal);

fn each_amount(report: &mut PeriodReport, visit: Visit<'_>) {
    for account in &mut report.accounts {
        let currency = account.currency;
        account.each_amount(&mut |amount| visit(currency, amount));
    }
    for row in &mut report.breaks.rows {
        row.etsy_amount.iter_mut().for_each(|amount| visit(row.currency, amount));
        // an order in another currency has an amount with its own decimals
        if row.kind != crate::domain::BreakKind::Currency {
            row.odoo_amount.iter_mut().for_each(|amount| visit(row.currency, amount));
            visit(row.currency, &mut row.amount);
        }
    }
    for group in &mut report.break_groups {
        if group.kind != crate::domain::BreakKind::Currency {
            visit(group.currency, &mut group.amount);
            visit(group.currency, &mut group.size);
        }
    }
    for sum in &mut report.corrections {
        visit(sum.currency, &mut sum.change);
    }
    for row in &mut report.receipts.rows {
        let currency = row.currency;
        row.each_amount(&mut |amount| visit(currency, amount));
    }
    for row in &mut report.entries.rows {
        let currency = row.currency;
        row.each_amount(&mut |amount| visit(currency, amount));
    }
}

impl PeriodReport {
    /// An amount with the decimals of its currency.
    pub(super) fn settle(&self, currency: Currency, amount: &mut Decimal) {
        if let Some(decimals) = self.decimals.get(&currency) {
            amount.rescale(*decimals);
        }
    }
}

impl Account {
    fn each_amount(&mut self, visit: &mut dyn FnMut(&mut Decimal)) {
        visit(&mut self.opening);
        visit(&mut self.closing);
        visit(&mut self.tax_in_sales);
        for line in &mut self.waterfall {
            [&mut line.amount, &mut line.vat, &mut line.total].into_iter().for_each(&mut *visit);
        }
        self.ties.iter_mut().for_each(|tie| tie.each_amount(visit));
        for month in &mut self.months {
            month.figures.each_amount(visit);
            month.ties.iter_mut().for_each(|tie| tie.each_amount(visit));
        }
        self.days.iter_mut().for_each(|day| day.figures.each_amount(visit));
        for payout in &mut self.payouts {
            [
                &mut payout.opening,
                &mut payout.sales,
                &mut payout.refunds,
                &mut payout.tax,
                &mut payout.fees,
                &mut payout.ads_and_labels,
                &mut payout.other,
                &mut payout.suspense,
                &mut payout.paid,
                &mut payout.closing,
            ]
            .into_iter()
            .for_each(&mut *visit);
        }
        self.movements.iter_mut().for_each(|line| visit(&mut line.amount));
    }
}

impl Tie {
    fn each_amount(&mut self, visit: &mut dyn FnMut(&mut Decimal)) {
        visit(&mut self.first.amount);
        visit(&mut self.second.amount);
        self.steps.iter_mut().for_each(|step| visit(&mut step.amount));
    }
}

impl Figures {
    fn each_amount(&mut self, visit: &mut dyn FnMut(&mut Decimal)) {
        visit(&mut self.balance);
        self.sums_mut().into_iter().for_each(|sum| visit(&mut sum.amount));
    }
}

impl ReceiptRow {
    /// Every amount in the receipt's currency.
    pub(super) fn each_amount(&mut self, visit: &mut dyn FnMut(&mut Decimal)) {
        if self.order_currency.is_empty() || self.order_currency == self.currency.as_str() {
            self.order_total.iter_mut().for_each(&mut *visit);
        }
        self.sale.iter_mut().for_each(&mut *visit);
        [
            &mut self.total,
            &mut self.tax,
            &mut self.refunded,
            &mut self.order_expected,
            &mut self.invoiced,
            &mut self.credited,
            &mut self.sale_refunded,
            &mut self.sale_tax,
            &mut self.fees,
            &mut self.other,
            &mut self.paid_out,
            &mut self.not_paid_out,
        ]
        .into_iter()
        .for_each(visit);
    }
}

impl EntryRow {
    /// Every amount.
    pub(super) fn each_amount(&mut self, visit: &mut dyn FnMut(&mut Decimal)) {
        self.amount.iter_mut().chain(&mut self.balance).for_each(visit);
    }
}
