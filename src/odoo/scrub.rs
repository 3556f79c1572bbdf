//! Takes row data out of what Odoo says. Its messages quote values, and a value may be a buyer's name or address.

/// How many characters of a message are kept.
const LONGEST: usize = 240;

/// What stands where something was taken out.
const MASK: &str = "…";

/// The message on one line, without quoted values, e-mail addresses and the details that Postgres adds, and clipped.
/// Quoted numbers, technical names (`res.partner`, `partner_id`) and the names of fields stay.
pub(super) fn scrub(message: &str) -> String {
    let told = message.split("DETAIL:").next().unwrap_or_default();
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = without_quotes(&line);
    let line = line
        .split(' ')
        .map(|word| if word.contains('@') { MASK } else { word })
        .collect::<Vec<_>>()
        .join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).chain(MASK.chars()).collect()
}

/// Replaces every quoted value by a mask, keeping the quotes.
fn without_quotes(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        kept.push(character);
        // an apostrophe inside a word opens nothing
        let opens = !before.is_alphanumeric();
        before = character;
        let Some(closing) = closing_of(character).filter(|_| opens) else { continue };
        let mut value = String::new();
        let mut closed = false;
        while let Some(next) = characters.next() {
            let ends =
                next == closing && characters.peek().is_none_or(|after| !after.is_alphanumeric());
            if ends {
                closed = true;
                break;
            }
            value.push(next);
        }
        let names_a_field = kept.trim_end_matches(character).trim_end().ends_with("field");
        kept.push_str(if names_a_field || is_technical(&value) { &value } else { MASK });
        if closed {
            kept.push(closing);
            before = closing;
        }
    }
    kept
}

fn closing_of(character: char) -> Option<char> {
    match character {
        '\'' | '"' | '`' => Some(character),
        '“' => Some('”'),
        '‘' => Some('’'),
        '«' => Some('»'),
        _ => None,
    }
}

/// A number, or a name as programs use it, with a dot or an underscore inside.
fn is_technical(value: &str) -> bool {
    let is_number = !value.is_empty() && value.chars().all(|each| each.is_ascii_digit());
    let is_name = value.contains(['.', '_'])
        && value
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || "._".contains(each));
    is_number || is_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_helps() {
        let said =
            "No matching record found for database id '99999' in field 'Order Lines/Product'";
        assert_eq!(scrub(said), said);
        let said = "Record does not exist or has been deleted.\n(Record: res.partner(9,), User: 2)";
        assert_eq!(
            scrub(said),
            "Record does not exist or has been deleted. (Record: res.partner(9,), User: 2)"
        );
        assert_eq!(scrub("Object no.model doesn't exist"), "Object no.model doesn't exist");
    }

    #[test]
    fn takes_out_what_may_be_somebodys() {
        assert_eq!(
            scrub("Customer (partner_id: 'Ann O'Hara') belongs to \"Anna's Shop\""),
            "Customer (partner_id: '…') belongs to \"…\""
        );
        assert_eq!(scrub("mail ann@example.com failed"), "mail … failed");
        assert_eq!(scrub("'Ann Bu"), "'…");
        assert_eq!(
            scrub("duplicate key value\nDETAIL:  Key (name)=(Ann Buyer) already exists."),
            "duplicate key value"
        );
    }

    #[test]
    fn clips_by_characters() {
        let said = scrub(&"é".repeat(1_000));
        assert_eq!(said.chars().count(), LONGEST + 1);
        assert!(said.ends_with(MASK));
    }
}
