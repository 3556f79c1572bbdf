//! A page of HTML: one file, nothing fetched, and nothing run that the page needs. Every text goes through the template's escaping.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::html_chart::{Chart, Series};
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
    /// What sorts and filters, for those who let scripts run. Nothing of the page needs it.
    pub(super) script: Option<Script>,
}

impl HtmlPage {
    /// Whether parts can be gone to.
    fn has_contents(&self) -> bool {
        self.sections.iter().any(|section| !section.id.is_empty())
    }
}

/// A script that the page's policy knows by its hash; no other may run.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) text: &'static str,
    hash: String,
}

impl Script {
    /// A script that is part of the program.
    pub(super) fn new(text: &'static str) -> Self {
        Self { text, hash: STANDARD.encode(Sha256::digest(text)) }
    }
}

/// A place on the page or a page beside it, and what to look for there.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// Where it leads.
    pub(super) href: String,
    /// What the table there is to show only; empty: all.
    pub(super) filter: String,
}

impl Link {
    /// A link to a place.
    pub(super) fn to(place: impl Into<String>) -> Self {
        Self { href: format!("#{}", place.into()), filter: String::new() }
    }

    /// A link to a file in the same folder.
    pub(super) fn file(name: impl Into<String>) -> Self {
        Self { href: name.into(), filter: String::new() }
    }

    /// The same, to the rows that have this text.
    pub(super) fn filtered(place: impl Into<String>, filter: impl Into<String>) -> Self {
        Self { filter: filter.into(), ..Self::to(place) }
    }
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
    /// Where its rows are.
    pub(super) link: Option<Link>,
}

/// A part of a page.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// How links name it; a part with one is in the list of contents.
    pub(super) id: String,
    /// Whether it is closed until somebody opens it; closed parts are not printed.
    pub(super) is_folded: bool,
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
    /// Columns, day by day.
    Series(Series),
}

/// A table: the first cell of each row names the row.
#[derive(Debug)]
pub(super) struct HtmlTable {
    /// How links name it; empty: they do not.
    pub(super) id: String,
    /// Whether it can be sorted and filtered.
    pub(super) is_live: bool,
    pub(super) caption: String,
    /// Whether it takes the whole width of the page.
    pub(super) wide: bool,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<HtmlRow>,
    /// Sums, which stay below when rows are sorted.
    pub(super) foot: Vec<HtmlRow>,
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
    /// How links name it; empty: they do not.
    pub(super) id: String,
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
    /// Where the rows behind it are.
    pub(super) link: Option<Link>,
    /// A class of the style sheet.
    pub(super) class: &'static str,
}

impl HtmlTable {
    /// A table. `columns` are titles; those after a `>` hold figures.
    pub(super) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            id: String::new(),
            is_live: false,
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
            foot: Vec::new(),
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
    pub(super) fn cells(&mut self, class: &'static str, cells: Vec<Cell>) {
        self.named_cells(String::new(), class, cells);
    }

    /// Adds a row that links can name.
    pub(super) fn named_cells(&mut self, id: String, class: &'static str, cells: Vec<Cell>) {
        let row = HtmlRow { id, class, cells: self.sided(cells) };
        self.rows.push(row);
    }

    /// Adds a row of sums.
    pub(super) fn sums(&mut self, cells: Vec<Cell>) {
        let row = HtmlRow { id: String::new(), class: "sum", cells: self.sided(cells) };
        self.foot.push(row);
    }

    /// Puts figures on the side of figures.
    fn sided(&self, mut cells: Vec<Cell>) -> Vec<Cell> {
        for (cell, column) in cells.iter_mut().zip(&self.columns) {
            cell.is_figure = column.is_figure;
        }
        cells
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
        Self { text: inert(text), below, ..Self::default() }
    }

    /// The same cell, with smaller lines below it.
    pub(super) fn with_below(self, below: Vec<String>) -> Self {
        Self { below, ..self }
    }

    /// The same cell, as a link.
    pub(super) fn linked(self, link: Link) -> Self {
        Self { link: Some(link), ..self }
    }

    /// The same cell, in a class of the style sheet.
    pub(super) fn of_class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}
