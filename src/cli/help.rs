//! The part of the help that teaches.

use crate::config::KNOWN;

/// The settings, the exit codes and where to begin.
pub(super) fn settings_and_exit_codes() -> String {
    let mut text = String::from(
        "First steps:\n  \
         etsy-odoo demo                              see it work, without any account\n  \
         etsy-odoo init                              prepare our database and Odoo\n  \
         etsy-odoo shop add acme --shop-id 12345     tell it of a shop\n  \
         etsy-odoo shop login acme                   connect it: its seller agrees in a browser\n  \
         etsy-odoo check                             see that everything can be reached\n  \
         etsy-odoo plan                              read what would happen\n  \
         etsy-odoo apply --plan 1                    let it happen\n  \
         etsy-odoo run                               both at once, for cron\n\n\
         Settings, in etsy-odoo.toml or as ETSY_ODOO_<SECTION>__<KEY>; a secret (*) also as <key>_file:\n",
    );
    let mut section = "";
    for setting in KNOWN {
        if setting.section != section {
            section = setting.section;
            text.push_str(&format!("  [{section}]\n"));
        }
        let star = if setting.is_secret { "*" } else { " " };
        text.push_str(&format!("  {star} {:<19} {}\n", setting.key, setting.meaning));
    }
    text.push_str(
        "\nExit codes:\n  \
         0   nothing to do, or everything planned was applied\n  \
         1   failed: a person should look\n  \
         2   plan, --dry-run: there are changes; nothing was written\n  \
         3   finished, but some rows were held, rejected, refused or are unknown\n  \
         4   the guard refused the plan\n  \
         75  could not now, try again\n  \
         78  the configuration or a credential needs a person\n",
    );
    text
}
