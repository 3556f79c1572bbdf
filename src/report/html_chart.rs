//! Charts that are drawn by the page itself, as SVG. Their words are the page's, so that they can be read at any width.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::html_page::Link;

/// Bars of one scale.
#[derive(Debug, Default)]
pub(super) struct Chart {
    pub(super) caption: String,
    /// Whether two tables stand beside it.
    pub(super) tall: bool,
    /// What the classes of its parts mean.
    pub(super) legend: Vec<(String, &'static str)>,
    pub(super) bars: Vec<Bar>,
}

/// A bar.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) figure: String,
    /// Where its rows are.
    pub(super) link: Option<Link>,
    pub(super) parts: Vec<BarPart>,
    /// Where zero is, if it is not on the left.
    pub(super) zero: Option<u32>,
}

/// A stretch of a bar, in thousandths of the chart's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarPart {
    pub(super) start: u32,
    pub(super) length: u32,
    /// A class of the style sheet.
    pub(super) class: &'static str,
}

/// A step of a waterfall: from one level to another.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) label: String,
    pub(super) figure: String,
    pub(super) from: Decimal,
    pub(super) to: Decimal,
    pub(super) class: &'static str,
    pub(super) link: Option<Link>,
}

/// The parts of a bar, each a value and a class.
pub(super) type Parts = Vec<(Decimal, &'static str)>;

/// A bar of parts: its label, its figure as written, its parts, and where it leads.
pub(super) type Stack = (String, String, Parts, Option<Link>);

impl Chart {
    /// A chart of (label, figure as written, value, class), from zero. A value below zero has no bar.
    pub(super) fn new(
        caption: impl Into<String>,
        bars: Vec<(String, String, Decimal, &'static str)>,
    ) -> Self {
        let stacks = bars
            .into_iter()
            .map(|(label, figure, value, class)| (label, figure, vec![(value, class)], None))
            .collect();
        Self::stacked(caption, stacks)
    }

    /// A chart of (label, figure as written, parts of (value, class), link): the parts of a bar follow one another.
    pub(super) fn stacked(caption: impl Into<String>, bars: Vec<Stack>) -> Self {
        let whole =
            |parts: &[(Decimal, &str)]| parts.iter().map(|(value, _)| *value).sum::<Decimal>();
        let widest = bars.iter().map(|(_, _, parts, _)| whole(parts)).max().unwrap_or_default();
        let bars = bars
            .into_iter()
            .map(|(label, figure, values, link)| {
                let mut reached = Decimal::ZERO;
                let mut parts = Vec::new();
                for (value, class) in values {
                    let start = share(reached, widest);
                    reached += value;
                    let length = share(reached, widest).saturating_sub(start);
                    parts.push(BarPart { start, length, class });
                }
                Bar { label, figure, link, parts, zero: None }
            })
            .collect();
        Self { caption: caption.into(), bars, ..Self::default() }
    }

    /// Steps that lead from one level to the next, on a scale that has all levels and zero.
    pub(super) fn waterfall(caption: impl Into<String>, steps: Vec<Step>) -> Self {
        let levels = || steps.iter().flat_map(|step| [step.from, step.to]);
        let lowest = levels().min().unwrap_or_default().min(Decimal::ZERO);
        let highest = levels().max().unwrap_or_default().max(Decimal::ZERO);
        let place = |level: Decimal| share(level - lowest, highest - lowest);
        let zero = (!lowest.is_zero()).then(|| place(Decimal::ZERO));
        let bars = steps
            .into_iter()
            .map(|step| {
                let (one, other) = (place(step.from), place(step.to));
                let start = one.min(other);
                // a step too small to be seen is still there
                let length = one.max(other).saturating_sub(start).max(2);
                let parts = vec![BarPart { start, length, class: step.class }];
                Bar { label: step.label, figure: step.figure, link: step.link, parts, zero }
            })
            .collect();
        Self { caption: caption.into(), bars, ..Self::default() }
    }
}

/// Two counts per day: one upwards from the middle, the other downwards.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) caption: String,
    /// What is drawn upwards and what downwards, with their classes.
    pub(super) legend: [(String, &'static str); 2],
    /// The chart in words, for those who do not see it.
    pub(super) words: String,
    pub(super) first: String,
    pub(super) last: String,
    /// The highest count, as written.
    pub(super) highest: String,
    pub(super) columns: Vec<SeriesColumn>,
    /// How wide the drawing is.
    pub(super) width: usize,
}

/// A day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SeriesColumn {
    /// What it says when it is pointed at.
    pub(super) title: String,
    /// Where it begins.
    pub(super) left: usize,
    /// In hundredths of the highest.
    pub(super) up: u32,
    pub(super) down: u32,
    /// Whether the two differ.
    pub(super) is_off: bool,
}

/// How wide a column is drawn, the gap beside it included.
const COLUMN: usize = 10;

impl Series {
    /// The class of what is drawn upwards.
    pub(super) fn up(&self) -> &'static str {
        let [(_, class), _] = &self.legend;
        class
    }

    /// The class of what is drawn downwards.
    pub(super) fn down(&self) -> &'static str {
        let [_, (_, class)] = &self.legend;
        class
    }

    /// A chart of (day, what it says, count upwards, count downwards).
    pub(super) fn new(
        caption: impl Into<String>,
        legend: [(String, &'static str); 2],
        words: String,
        days: Vec<(String, String, i64, i64)>,
    ) -> Self {
        let highest = days.iter().map(|(_, _, up, down)| *up.max(down)).max().unwrap_or(0);
        let height = |count: i64| share(Decimal::from(count), Decimal::from(highest)) / 10;
        let end = |day: Option<&(String, String, i64, i64)>| {
            day.map_or_else(String::new, |(day, ..)| day.clone())
        };
        Self {
            caption: caption.into(),
            legend,
            words,
            first: end(days.first()),
            last: end(days.last()),
            highest: super::words::count(highest),
            width: days.len() * COLUMN,
            columns: days
                .into_iter()
                .enumerate()
                .map(|(position, (_, title, up, down))| SeriesColumn {
                    title,
                    left: position * COLUMN,
                    up: height(up),
                    down: height(down),
                    is_off: up != down,
                })
                .collect(),
        }
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

    fn parts(chart: &Chart) -> Vec<Vec<(u32, u32)>> {
        let of = |bar: &Bar| bar.parts.iter().map(|part| (part.start, part.length)).collect();
        chart.bars.iter().map(of).collect()
    }

    #[test]
    fn bars_share_one_scale_from_zero() {
        let bar = |value| (String::new(), String::new(), Decimal::from(value), "");
        let chart = Chart::new("", vec![bar(200), bar(50), bar(0), bar(-7)]);
        assert_eq!(parts(&chart), [[(0, 1000)], [(0, 250)], [(0, 0)], [(0, 0)]]);
        assert_eq!(parts(&Chart::new("", vec![bar(0)])), [[(0, 0)]]);
    }

    #[test]
    fn parts_of_a_bar_follow_one_another() {
        let stack = |values: [i64; 2]| {
            let values = values.map(|value| (Decimal::from(value), "")).to_vec();
            (String::new(), String::new(), values, None)
        };
        let chart = Chart::stacked("", vec![stack([3, 1]), stack([0, 2])]);
        assert_eq!(parts(&chart), [[(0, 750), (750, 250)], [(0, 0), (0, 500)]]);
    }

    #[test]
    fn a_waterfall_has_room_below_zero() {
        let step = |from: i64, to: i64| Step {
            label: String::new(),
            figure: String::new(),
            from: Decimal::from(from),
            to: Decimal::from(to),
            class: "",
            link: None,
        };
        let chart = Chart::waterfall("", vec![step(0, 300), step(300, -100), step(0, -100)]);
        assert_eq!(parts(&chart), [[(250, 750)], [(0, 1000)], [(0, 250)]]);
        assert!(chart.bars.iter().all(|bar| bar.zero == Some(250)));
    }

    #[test]
    fn days_that_differ_are_marked() {
        let day = |up, down| (String::new(), String::new(), up, down);
        let legend = [(String::new(), ""), (String::new(), "")];
        let series = Series::new("", legend, String::new(), vec![day(4, 4), day(1, 2), day(0, 0)]);
        let drawn: Vec<_> =
            series.columns.iter().map(|column| (column.up, column.down, column.is_off)).collect();
        assert_eq!(drawn, [(100, 100, false), (25, 50, true), (0, 0, false)]);
        assert_eq!(series.width, 30);
    }
}
