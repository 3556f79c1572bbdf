//! Text for a terminal of 80 columns. Widths are those that a terminal shows: a CJK character takes two columns.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How wide a terminal is taken to be.
pub(super) const WIDTH: usize = 80;

/// The narrowest that a column of labels may become before a table is written as a list.
const NARROWEST_LABEL: usize = 14;

/// Text that grows line by line. No line is wider than [`WIDTH`].
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// The finished text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An empty line, but never two, and none at the top.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A title, underlined.
    pub(super) fn title(&mut self, title: &str, underline: char) {
        self.gap();
        self.words(title, "", "");
        self.text.extend(std::iter::repeat_n(underline, WIDTH));
        self.text.push('\n');
    }

    /// A heading within a part.
    pub(super) fn heading(&mut self, heading: &str) {
        self.gap();
        self.words(heading, "", "  ");
    }

    /// Running text, wrapped; `first` opens its first line and `rest` all others.
    pub(super) fn words(&mut self, words: &str, first: &str, rest: &str) {
        let room = WIDTH.saturating_sub(first.width().max(rest.width()));
        for (number, line) in wrap(words, room).iter().enumerate() {
            self.line(&format!("{}{line}", if number == 0 { first } else { rest }));
        }
    }

    /// A name and what it stands for, the names in one column.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        let first = pad(name, 12, Align::Left);
        self.words(value, &first, &" ".repeat(12));
    }

    /// A table, indented by two.
    pub(super) fn table(&mut self, table: &Table) {
        for line in table.lines(WIDTH.saturating_sub(2)) {
            self.line(&format!("  {line}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table: a column of labels, and columns of figures to the right of it.
#[derive(Debug, Default)]
pub(super) struct Table {
    titles: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Cells(Vec<String>),
    Rule,
}

impl Table {
    /// A table with these column titles; the first column holds labels, the others figures.
    pub(super) fn new<const N: usize>(titles: [&str; N]) -> Self {
        Self { titles: titles.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// Adds a row, as many cells as there are titles.
    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(Row::Cells(cells.into()));
    }

    /// Adds a line across the columns of figures.
    pub(super) fn rule(&mut self) {
        self.rows.push(Row::Rule);
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.titles.iter().map(|title| title.width()).collect();
        for row in &self.rows {
            if let Row::Cells(cells) = row {
                for (width, cell) in widths.iter_mut().zip(cells) {
                    *width = (*width).max(cell.width());
                }
            }
        }
        widths
    }

    fn lines(&self, room: usize) -> Vec<String> {
        let mut widths = self.widths();
        let figures: usize = widths.iter().skip(1).map(|width| width + 2).sum();
        let Some(label) = widths.first_mut() else { return Vec::new() };
        if figures + NARROWEST_LABEL > room {
            return self.as_list(room);
        }
        *label = (*label).clamp(NARROWEST_LABEL, room.saturating_sub(figures));
        let mut lines = Vec::new();
        if self.titles.iter().any(|title| !title.is_empty()) {
            lines.extend(columns(&self.titles, &widths));
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => lines.extend(columns(cells, &widths)),
                Row::Rule => {
                    let label = widths.first().copied().unwrap_or(0);
                    let figures = widths.iter().skip(1).map(|width| "-".repeat(*width));
                    let line: Vec<String> =
                        std::iter::once(" ".repeat(label)).chain(figures).collect();
                    lines.push(line.join("  "));
                }
            }
        }
        lines
    }

    /// Figures too wide to stand side by side stand below one another: nothing is ever cut off a sum.
    fn as_list(&self, room: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for row in &self.rows {
            let Row::Cells(cells) = row else { continue };
            for (position, (title, cell)) in self.titles.iter().zip(cells).enumerate() {
                if position == 0 {
                    lines.extend(wrap(cell, room));
                } else if !cell.is_empty() {
                    let figure = wrap(&format!("{title}: {cell}"), room.saturating_sub(2));
                    lines.extend(figure.iter().map(|line| format!("  {line}")));
                }
            }
        }
        lines
    }
}

/// One row: a label that needs more than its column goes on below itself, the figures stand on its last line.
fn columns(cells: &[String], widths: &[usize]) -> Vec<String> {
    let label_width = widths.first().copied().unwrap_or(0);
    let mut labels = wrap(cells.first().map_or("", String::as_str), label_width);
    let last = labels.pop().unwrap_or_default();
    let mut line = pad(&last, label_width, Align::Left);
    for (cell, width) in cells.iter().zip(widths).skip(1) {
        line.push_str("  ");
        line.push_str(&pad(cell, *width, Align::Right));
    }
    labels.push(line);
    labels
}

/// Fills a cell up to `width` columns.
pub(super) fn pad(text: &str, width: usize, align: Align) -> String {
    let blank = " ".repeat(width.saturating_sub(text.width()));
    match align {
        Align::Left => format!("{text}{blank}"),
        Align::Right => format!("{blank}{text}"),
    }
}

/// Breaks text into lines of at most `room` columns, between words where it can. An empty text is one empty line.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let needed = if line.is_empty() { word.width() } else { line.width() + 1 + word.width() };
        if needed <= room {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut pieces = pieces(word, room);
        line = pieces.pop().unwrap_or_default();
        lines.append(&mut pieces);
    }
    lines.push(line);
    lines
}

/// Cuts a word that is wider than a line.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut taken = 0;
    for character in word.chars() {
        // a variation selector can widen what stands before it
        let columns = character.width().unwrap_or(0).max(usize::from(character == '\u{fe0f}'));
        if taken + columns > room {
            pieces.push(std::mem::take(&mut piece));
            taken = 0;
        }
        piece.push(character);
        taken += columns;
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wraps_between_words_and_cuts_long_ones() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn counts_columns_and_not_characters() {
        assert_eq!(wrap("陶器のマグ", 4), ["陶器", "のマ", "グ"]);
        assert_eq!(pad("陶器", 6, Align::Right), "  陶器");
    }

    #[test]
    fn figures_stand_on_the_last_line_of_their_label() {
        let mut table = Table::new(["", "keys"]);
        table.row(["a label that needs two lines".to_owned(), "12".to_owned()]);
        assert_eq!(
            table.lines(24),
            ["                    keys", "a label that needs", "two lines             12"]
        );
    }

    #[test]
    fn a_sum_too_wide_for_its_column_is_listed_whole() {
        let wide = "1".repeat(30);
        let mut table = Table::new(["", "Etsy", "Odoo", "off"]);
        table.row(["agrees".to_owned(), wide.clone(), wide.clone(), wide.clone()]);
        let lines = table.lines(78);
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1], format!("  Etsy: {wide}"));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[a-z陶器 ]{0,200}", room in 2_usize..80) {
            let lines = wrap(&text, room);
            prop_assert!(lines.iter().all(|line| line.width() <= room));
            let kept: String = lines.concat().chars().filter(|c| *c != ' ').collect();
            let given: String = text.chars().filter(|c| *c != ' ').collect();
            prop_assert_eq!(kept, given);
        }
    }
}
