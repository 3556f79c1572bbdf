//! A shop whose payment account is in another currency than its receipts: Etsy does not say at which rate it converts.

use etsy_odoo::pipeline;
use etsy_odoo::report::period::{PeriodReport, StepKind, StepName, TieName};
use etsy_odoo::stage::{Entries, keep_money};
use rust_decimal::Decimal;

use super::period::{all_shops, report, spans, unexplained_are_breaks};
use super::{found, house, settled};

/// The only account in a currency.
fn account<'r>(report: &'r PeriodReport, currency: &str) -> &'r etsy_odoo::report::period::Account {
    let mut of = report.accounts.iter().filter(|account| account.currency.as_str() == currency);
    let account = of.next().unwrap();
    assert!(of.next().is_none());
    account
}

#[tokio::test]
async fn an_account_in_another_currency_ties_to_nothing_and_breaks_nothing() {
    let house = house(150, 30, 1, 71).await;
    let (accounting, run) = settled(&house).await;
    let (whole, _) = spans(&house).await;
    let before = report(&house, whole).await;
    let receipts_in = before.accounts[0].currency;
    // nine tenths of it, in a currency that only the account knows
    accounting
        .ours
        .batch_execute(
            "update staging.etsy_ledger_entry set currency = 'GBP', amount = amount * 9, balance = balance * 9;
             update staging.etsy_payment set currency = 'GBP', gross = gross * 9",
        )
        .await
        .unwrap();
    let shops = all_shops(&house).await;
    keep_money(&house.warehouse, run, &shops, Entries::All).await.unwrap();
    pipeline::find_breaks(&house.warehouse, run, &shops).await.unwrap();
    assert!(found(&accounting, run).await.is_empty(), "{:?}", found(&accounting, run).await);

    let report = report(&house, whole).await;
    assert_eq!(report.broken_sums, []);
    assert_eq!(report.breaks.total, 0);
    unexplained_are_breaks(&report);
    let (of_receipts, of_account) =
        (account(&report, receipts_in.as_str()), account(&report, "GBP"));
    let nine = Decimal::from(9);
    let was = &before.accounts[0];
    assert_eq!(of_account.closing, was.closing * nine);
    assert_eq!(of_account.sales(), was.sales() * nine);
    assert_eq!(of_account.paid(), was.paid() * nine);
    assert_eq!((of_receipts.closing, of_receipts.sales()), (Decimal::ZERO, Decimal::ZERO));
    let tie = |name: TieName| of_receipts.ties.iter().find(|tie| tie.tie == name).unwrap();
    // what Odoo knows of them is tied as ever
    for name in [TieName::Order, TieName::Invoice, TieName::Credit] {
        let same = was.ties.iter().find(|tie| tie.tie == name).unwrap();
        let (one, other) = (tie(name), same);
        assert_eq!((one.first, one.second), (other.first, other.second), "{name:?}");
    }
    // what the account knows is counted in the account's own currency, and nothing is unexplained
    for name in [TieName::Payment, TieName::Refund, TieName::Tax] {
        let tie = tie(name);
        assert!(tie.second.amount.is_zero(), "{tie:?}");
        let elsewhere: Decimal = tie
            .steps
            .iter()
            .filter(|step| step.step == StepName::OtherCurrency)
            .map(|step| step.amount)
            .sum();
        assert!(tie.first.amount.is_zero() || !elsewhere.is_zero(), "{tie:?}");
        assert!(tie.steps.iter().all(|step| step.answer != StepKind::Unexplained), "{tie:?}");
    }
    assert!(!tie(TieName::Payment).first.amount.is_zero());
    assert_eq!(of_receipts.unexplained().count + of_account.unexplained().count, 0);
    let text = report.to_text();
    assert!(text.contains("another currency"), "{text}");
}
