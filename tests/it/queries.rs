//! Every file in `sql/`: its header, and that the server takes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::{TestDatabase, finish};

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sql"), &mut found);
    found.sort();
    found
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, found) } else { found.push(path) }
    }
}

fn statement(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_query_opens_with_its_contract() {
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let header: Vec<&str> = text.lines().take_while(|line| line.starts_with("--")).collect();
        let empty = header.iter().position(|line| *line == "--");
        let empty =
            empty.unwrap_or_else(|| panic!("{}: no `--` line after the sentence", path.display()));
        let sentence = header[..empty].join(" ");
        assert!(empty > 0 && sentence.ends_with('.'), "{}: {sentence}", path.display());
        let mut fields = header[empty + 1..].iter().filter(|line| !line.starts_with("--         "));
        for field in ["-- grain:  ", "-- params: ", "-- reads:  ", "-- writes: "] {
            let line = fields.next().copied().unwrap_or_default();
            assert!(
                line.starts_with(field) && line.len() > field.len(),
                "{}: expected `{field}…`, found `{line}`",
                path.display()
            );
        }
    }
}

#[test]
fn queries_are_lower_case() {
    let shouted = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "FROM ", "WHERE ", "JOIN "];
    for path in files() {
        let text = statement(&std::fs::read_to_string(&path).unwrap());
        for word in shouted {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn every_query_is_used() {
    let mut sources = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let code: String =
        sources.iter().map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect();
    for path in files() {
        let name = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("sql")).unwrap();
        let name = name.to_string_lossy();
        let pair = name.strip_prefix("snapshot/odoo_").and_then(|rest| {
            rest.strip_suffix("_out.sql").or_else(|| rest.strip_suffix("_in.sql"))
        });
        let is_used = match pair {
            Some(table) => code.contains(&format!("\"{table}\")")),
            None => code.contains(&format!("\"{name}\"")) || code.contains(&format!("/{name}")),
        };
        assert!(is_used, "sql/{name} is not used");
    }
}

/// A statement that prepares can still fail; each one is also run by the golden run. This finds the ones that do not even
/// prepare, with the name of the file.
#[test]
fn every_query_of_ours_prepares() {
    let database = finish(TestDatabase::new);
    let mut client = database.blocking_client();
    // some of them last as long as a transaction
    client.batch_execute("begin").unwrap();
    for tables in [
        include_str!("../../sql/stage/incoming_tables.sql"),
        include_str!("../../sql/stage/seen_tables.sql"),
    ] {
        client.batch_execute(tables).expect("the tables for incoming rows");
    }
    let mut prepared = 0;
    for path in files() {
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        // these are for Odoo's database, and run against it in the golden run
        if matches!(folder.as_str(), "sandbox" | "odoo" | "apply")
            || path.to_string_lossy().contains("sandbox")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let body = statement(&text);
        let is_for_odoo = path.to_string_lossy().ends_with("_out.sql");
        let takes_many = body.matches(';').count() > 1 || body.trim_start().starts_with("create ");
        if is_for_odoo || takes_many || body.trim_start().starts_with("copy ") {
            continue;
        }
        if let Err(error) = client.prepare(&text) {
            panic!("{}: {error:?}", path.display());
        }
        prepared += 1;
    }
    assert!(prepared > 40, "only {prepared} queries were found");
}

/// What is granted is what is read, column by column. (That it is enough is shown by every test that plans: they read as a
/// role that has these rights.)
#[test]
fn the_grants_are_the_columns_that_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let needed: BTreeSet<(String, String)> =
        statement(&std::fs::read_to_string(root.join("snapshot/needed_columns.sql")).unwrap())
            .lines()
            .filter_map(|line| line.trim().strip_prefix("('"))
            .map(|line| {
                let mut parts = line.split('\'').filter(|part| !part.starts_with([',', ')']));
                (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned())
            })
            .collect();
    let mut granted = BTreeSet::new();
    for line in statement(&std::fs::read_to_string(root.join("odoo/grants.sql")).unwrap())
        .split(';')
        .filter_map(|line| line.trim().strip_prefix("grant select ("))
    {
        let (columns, rest) = line.split_once(") on ").unwrap_or_else(|| {
            let (columns, rest) = line.split_once(')').unwrap();
            (columns, rest.trim().strip_prefix("on ").unwrap())
        });
        let table = rest.split_whitespace().next().unwrap();
        for column in columns.split(',') {
            granted.insert((table.to_owned(), column.trim().to_owned()));
        }
    }
    assert!(needed.len() > 100, "{needed:?}");
    let missing: Vec<_> = needed.difference(&granted).collect();
    let surplus: Vec<_> = granted.difference(&needed).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "not granted: {missing:?}; not read: {surplus:?}"
    );
}
