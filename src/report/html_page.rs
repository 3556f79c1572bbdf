//! A page of HTML: one file, nothing fetched, nothing run. Every text goes through the template's escaping.

use askama::Template;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::summary::Notice;
use super::words::inert;

/// A page.
#[derive(Debug, Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
pub(super) struct HtmlPage {
    /// What the tab says.
    pub(super) title: String,
    /// Small, above the heading.
    pub(super) kicker: String,
    /// The heading.
    pub(super) heading: String,
    /// Whether the page is to be trusted and what it asks for, the worst first.
    pub(super) notices: Vec<Notice>,
    /// The money in large figures.
    pub(super) tiles: Vec<Tile>,
    /// Names and values.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The parts.
    pub(super) sections: Vec<Section>,
    /// What the words mean.
    pub(super) glossary: Vec<(&'static str, &'static str)>,
    /// The last line.
    pub(super) footer: String,
}

/// A few figures that belong together.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) title: String,
    pub(super) figures: Vec<TileFigure>,
}

/// A large figure.
#[derive(Debug)]
pub(super) struct TileFigure {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// A class of the style sheet: empty, `good` or `look`.
    pub(super) class: &'static str,
}

/// A part of a page.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug)]
pub(super) enum Block {
    /// A heading below the section's.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// A table.
    Table(HtmlTable),
    /// Bars.
    Chart(Chart),
}

/// A table: the first cell of each row names the row.
#[derive(Debug)]
pub(super) struct HtmlTable {
    pub(super) caption: String,
    /// Whether it takes the whole width of the page.
    pub(super) wide: bool,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<HtmlRow>,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) is_figure: bool,
}

/// A row.
#[derive(Debug)]
pub(super) struct HtmlRow {
    /// A class of the style sheet: empty, `sum`, `part`.
    pub(super) class: &'static str,
    pub(super) cells: Vec<Cell>,
}

/// A cell: a text, and smaller lines below it.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) below: Vec<String>,
    pub(super) is_figure: bool,
}

impl HtmlTable {
    /// A table. `columns` are titles; those after a `>` hold figures.
    pub(super) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            wide: false,
            columns: columns
                .iter()
                .map(|title| Column {
                    title: title.trim_start_matches('>').to_owned(),
                    is_figure: title.starts_with('>'),
                })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// The same, as wide as the page.
    pub(super) fn wide(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self { wide: true, ..Self::new(caption, columns) }
    }

    /// Adds a row of plain texts.
    pub(super) fn row(&mut self, class: &'static str, cells: Vec<String>) {
        self.cells(class, cells.into_iter().map(Cell::from).collect());
    }

    /// Adds a row.
    pub(super) fn cells(&mut self, class: &'static str, mut cells: Vec<Cell>) {
        for (cell, column) in cells.iter_mut().zip(&self.columns) {
            cell.is_figure = column.is_figure;
        }
        self.rows.push(HtmlRow { class, cells });
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl Cell {
    /// Foreign text, and lines below it; empty lines are left out.
    pub(super) fn foreign(text: &str, below: Vec<String>) -> Self {
        let below = below.into_iter().filter(|line| !line.is_empty()).collect();
        Self { text: inert(text), below, is_figure: false }
    }
}

/// Bars of one scale, from zero.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) caption: String,
    /// Whether two tables stand beside it.
    pub(super) tall: bool,
    pub(super) bars: Vec<Bar>,
}

/// A bar.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) figure: String,
    /// In thousandths of the widest.
    pub(super) length: u32,
    /// A class of the style sheet: `etsy`, `odoo`, `good` or `look`.
    pub(super) class: &'static str,
}

impl Chart {
    /// A chart of (label, figure as written, value, class). A value below zero has no bar.
    pub(super) fn new(
        caption: impl Into<String>,
        bars: Vec<(String, String, Decimal, &'static str)>,
    ) -> Self {
        let widest = bars.iter().map(|(_, _, value, _)| *value).max().unwrap_or_default();
        let bars = bars
            .into_iter()
            .map(|(label, figure, value, class)| Bar {
                label,
                figure,
                length: share(value, widest),
                class,
            })
            .collect();
        Self { caption: caption.into(), tall: false, bars }
    }
}

/// `value` in thousandths of `widest`.
fn share(value: Decimal, widest: Decimal) -> u32 {
    value
        .checked_div(widest)
        .and_then(|share| share.checked_mul(Decimal::ONE_THOUSAND))
        .and_then(|thousandths| thousandths.round().to_u32())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_one_scale_from_zero() {
        let bar = |value| (String::new(), String::new(), Decimal::from(value), "");
        let chart = Chart::new("", vec![bar(200), bar(50), bar(0), bar(-7)]);
        let lengths: Vec<u32> = chart.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [1000, 250, 0, 0]);
        assert_eq!(Chart::new("", vec![bar(0)]).bars[0].length, 0);
    }
}
