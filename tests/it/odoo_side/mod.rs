//! Odoo as `init` and `check` find it: what is missing, what has moved, who may too little and who too much, and an Odoo
//! that is away. Each with the words that a person reads.

mod away;
mod prepared;
mod reader;
mod user;

use std::fmt::Write as _;

use crate::support::{Ending, Office};

/// What `check` says of Odoo, with its exit code.
async fn told(office: &Office, code: i32) -> String {
    of_odoo(&office.program.run("check").await.expect(code))
}

/// The lines of a check that are about Odoo, each on one line: where they break depends on the names of databases.
fn of_odoo(ending: &Ending) -> String {
    let mut told = String::new();
    let mut is_about_odoo = false;
    for line in ending.stdout.lines() {
        assert!(line.chars().count() <= 80 || !line.trim().contains(' '), "too wide: {line}");
        let is_new = !line.starts_with(' ');
        if is_new {
            is_about_odoo = line.get(6..).is_some_and(|what| what.starts_with("Odoo"));
        }
        if !is_about_odoo {
            continue;
        }
        let line = line.strip_prefix("      ").unwrap_or(line);
        let begins = if is_new {
            ""
        } else if line.starts_with("hint: ") {
            "\n      "
        } else {
            " "
        };
        let end = if is_new && !told.is_empty() { "\n" } else { "" };
        write!(told, "{end}{begins}{line}").unwrap();
    }
    told.push('\n');
    told
}

/// Takes the bot out of a group.
async fn leave(office: &Office, group: &str) {
    office
        .odoo
        .client()
        .await
        .execute(
            "delete from res_groups_users_rel where gid = (select res_id from ir_model_data \
             where model = 'res.groups' and module || '.' || name = $1)",
            &[&group],
        )
        .await
        .unwrap();
}
