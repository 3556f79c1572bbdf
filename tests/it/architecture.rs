//! The import rule: who may know whom. The picture is in `src/lib.rs`, the reasons are in the design.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each room may import. Nobody may import a room that is not in its line.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &["domain"]),
    ("http", &["domain"]),
    ("etsy", &["domain", "http"]),
    ("odoo", &["domain", "http"]),
    ("shop", &["domain", "db", "http"]),
    ("snapshot", &["domain", "db", "etsy", "shop"]),
    ("stage", &["domain", "db", "etsy", "shop"]),
    ("diff", &["domain", "db"]),
    ("plan", &["domain", "diff", "shop"]),
    ("journal", &["domain", "db", "plan"]),
    ("apply", &["domain", "db", "etsy", "odoo", "plan", "journal"]),
    ("report", &["domain", "db", "diff", "plan", "journal"]),
    ("sandbox", &["domain", "db"]),
    ("telemetry", &[]),
    ("config", &["domain", "db", "etsy", "odoo"]),
    (
        "pipeline",
        &[
            "domain", "db", "odoo", "shop", "snapshot", "stage", "diff", "plan", "journal",
            "apply", "report",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "db",
            "etsy",
            "odoo",
            "shop",
            "snapshot",
            "stage",
            "journal",
            "report",
            "sandbox",
            "config",
            "pipeline",
            "telemetry",
        ],
    ),
];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

/// The room a file belongs to: the first part of its path, without `.rs`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::<name>` in code; comments and their links do not count.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let code = line.split("//").next().unwrap_or_default();
        for rest in code.split("crate::").skip(1) {
            if let Some(group) = rest.strip_prefix('{') {
                for part in group.split([',', '}']) {
                    found.insert(name(part.trim()));
                }
            } else {
                found.insert(name(rest));
            }
        }
    }
    found.remove("");
    found
}

fn name(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

#[test]
fn a_room_imports_only_what_it_may() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut faults = Vec::new();
    for path in all_sources() {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let may =
            allowed.get(room.as_str()).unwrap_or_else(|| panic!("`{room}` is not in the table"));
        for import in imports(&std::fs::read_to_string(&path).unwrap()) {
            if import != room && !may.contains(&import.as_str()) {
                faults.push(format!("{}: `{room}` imports `{import}`", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn staging_knows_of_etsy_only_its_wire_types() {
    for path in all_sources().iter().filter(|path| room(path) == "stage") {
        let text = std::fs::read_to_string(path).unwrap();
        for rest in text.split("crate::etsy::").skip(1) {
            assert!(
                rest.starts_with("wire"),
                "{}: {}",
                path.display(),
                rest.lines().next().unwrap()
            );
        }
    }
}

#[test]
fn the_table_names_every_room_and_no_other() {
    let there: BTreeSet<String> = all_sources().iter().map(|path| room(path)).collect();
    let named: BTreeSet<String> = ALLOWED
        .iter()
        .map(|(room, _)| (*room).to_owned())
        .chain(["lib".into(), "main".into()])
        .collect();
    assert_eq!(there, named);
}

#[test]
fn the_scanner_sees_every_form_of_import() {
    let text = "use crate::db::Warehouse;\nuse crate::{domain::Money, plan};\nlet x = crate::http::get(); // crate::cli\n";
    assert_eq!(imports(text), ["db", "domain", "http", "plan"].map(String::from).into());
}

#[test]
fn no_sql_is_glued_together_in_rust() {
    let verbs = ["select ", "insert into", "update ", "delete from", "copy "];
    for path in all_sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        for call in text.split("format!(").skip(1) {
            let call: String = call.chars().take(200).collect();
            let literal = call.split('"').nth(1).unwrap_or_default().to_lowercase();
            assert!(
                !verbs.iter().any(|verb| literal.trim_start().starts_with(verb)),
                "{}: {call}",
                path.display()
            );
        }
    }
}

#[test]
fn a_file_stays_readable() {
    for path in all_sources() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 420, "{} has {lines} lines: split it", path.display());
    }
}
