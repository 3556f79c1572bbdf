//! The sheet that shows the foot: each figure of the report beside the live sum of the rows that it stands for.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use super::account::{Account, Tie};
use super::model::PeriodReport;
use super::specs::{DAYS, ENTRIES, MOVEMENTS, PAYOUTS, RECEIPTS, WATERFALL};
use super::table::Spec;
use super::vocabulary::TieName;
use super::xlsx::{ColumnRange, Formats, Written, double};
use crate::domain::MoneyClass;

/// A section that was written.
pub(super) struct Checked {
    pub(super) spec: &'static Spec,
    pub(super) written: Written,
}

/// A figure of the report, and the column whose sum it must be.
struct Expected {
    what: &'static str,
    spec: &'static Spec,
    column: &'static str,
    amount: Decimal,
}

/// Which rows a figure stands for.
fn expected(account: &Account) -> Vec<Expected> {
    let tie = |name: TieName| account.ties.iter().find(move |tie: &&Tie| tie.tie == name);
    let first = |name| tie(name).map_or(Decimal::ZERO, |tie| tie.first.amount);
    let second = |name| tie(name).map_or(Decimal::ZERO, |tie| tie.second.amount);
    let moved = account.closing - account.opening;
    let paid: Decimal = account
        .waterfall
        .iter()
        .filter(|line| matches!(line.class, MoneyClass::Payout | MoneyClass::Recoupment))
        .map(|line| -line.total)
        .sum();
    let row = |what, spec, column, amount| Expected { what, spec, column, amount };
    vec![
        row("Closing less opening balance", &WATERFALL, "total", moved),
        row("Closing less opening balance", &MOVEMENTS, "amount", moved),
        row("Closing less opening balance", &ENTRIES, "amount", moved),
        row("Paid out", &PAYOUTS, "paid", paid),
        row("Paid out", &DAYS, "paid_out_amount", -paid),
        row("Receipts on Etsy", &RECEIPTS, "total", first(TieName::Order)),
        row("Receipts on Etsy", &DAYS, "receipts_amount", first(TieName::Order)),
        row("Orders in Odoo", &DAYS, "orders_amount", second(TieName::Order)),
        row("Refunds on receipts", &RECEIPTS, "refunded", first(TieName::Refund)),
        row("Tax on receipts", &RECEIPTS, "tax", first(TieName::Tax)),
        row("Sales in the account", &RECEIPTS, "sale", second(TieName::Payment)),
        row("Refunds in the account", &RECEIPTS, "sale_refunded", second(TieName::Refund)),
    ]
}

/// Writes the sheet.
pub(super) fn foot_sheet(
    sheet: &mut Worksheet,
    formats: &Formats,
    report: &PeriodReport,
    checked: &[Checked],
) -> Result<(), XlsxError> {
    sheet.set_name("Foot")?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let rows: Vec<(&Account, Expected, &Checked)> = report
        .accounts
        .iter()
        .flat_map(|account| expected(account).into_iter().map(move |row| (account, row)))
        .filter_map(|(account, row)| {
            let section = checked.iter().find(|checked| checked.spec.name == row.spec.name)?;
            Some((account, row, section))
        })
        .collect();
    for (column, width) in (0_u16..).zip([16_u16, 10, 30, 14, 18, 18, 14]) {
        sheet.set_column_width(column, width)?;
    }
    if rows.is_empty() {
        sheet.write_string_with_format(0, 0, "There is nothing to add up.", &formats.title)?;
        return Ok(());
    }
    let last = rows.len() + 3;
    let verdict = format!(
        "=IF(SUMPRODUCT(ABS(G4:G{last}))=0,\"Every sum foots.\",\"A sum does not foot: see the last column.\")"
    );
    let foots = rows.iter().all(|(account, row, section)| sum(account, row, section) == row.amount);
    let said = if foots { "Every sum foots." } else { "A sum does not foot: see the last column." };
    sheet.write_formula_with_format(
        0,
        0,
        Formula::new(verdict).set_result(said),
        &formats.title,
    )?;
    let titles = ["Shop", "Currency", "Figure", "Sheet", "Report says", "Rows add up to", "Off"];
    for (column, title) in (0_u16..).zip(titles) {
        let format = if column < 4 { &formats.header } else { &formats.header_right };
        sheet.write_string_with_format(2, column, title, format)?;
    }
    sheet.set_freeze_panes(3, 0)?;
    for (position, (account, row, section)) in (3_u32..).zip(&rows) {
        foot_row(sheet, formats, position, (account, row, section))?;
    }
    Ok(())
}

fn sum(account: &Account, row: &Expected, section: &Checked) -> Decimal {
    let key = (account.shop.name.clone(), account.currency.to_string());
    row.spec
        .position(row.column)
        .and_then(|position| section.written.sums.get(&key)?.get(&position))
        .copied()
        .unwrap_or_default()
}

fn foot_row(
    sheet: &mut Worksheet,
    formats: &Formats,
    position: u32,
    (account, row, section): (&Account, &Expected, &Checked),
) -> Result<(), XlsxError> {
    let sum = sum(account, row, section);
    let texts =
        [account.shop.name.as_str(), account.currency.as_str(), row.what, section.spec.title];
    for (column, text) in (0_u16..).zip(texts) {
        sheet.write_string_with_format(position, column, text, &formats.text)?;
    }
    let said = formats.amount(row.amount);
    sheet.write_number_with_format(position, 4, double(row.amount), said)?;
    let at = row.spec.position(row.column).and_then(|at| u16::try_from(at).ok()).unwrap_or(0);
    let ColumnRange { column, last_row } = ColumnRange::of(at, section.written.rows.max(1));
    let (name, line) = (section.spec.title, position + 1);
    let live = format!(
        "=SUMIFS('{name}'!${column}$2:${column}${last_row},'{name}'!$A$2:$A${last_row},A{line},'{name}'!$B$2:$B${last_row},B{line})"
    );
    let live = Formula::new(live).set_result(sum.to_string());
    sheet.write_formula_with_format(position, 5, live, said)?;
    let scale = row.amount.scale();
    let off = Formula::new(format!("=ROUND(F{line}-E{line},{scale})"))
        .set_result((sum - row.amount).to_string());
    sheet.write_formula_with_format(position, 6, off, said)?;
    Ok(())
}
