//! The settings there are. The help of the program and the check for unknown keys both read this list.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The section of the file.
    pub section: &'static str,
    /// The key in it.
    pub key: &'static str,
    /// Whether it may be given as `<key>_file`, and is never printed.
    pub is_secret: bool,
    /// What it is, its unit, its default and the consequence.
    pub meaning: &'static str,
}

const fn plain(section: &'static str, key: &'static str, meaning: &'static str) -> Setting {
    Setting { section, key, is_secret: false, meaning }
}

const fn secret(section: &'static str, key: &'static str, meaning: &'static str) -> Setting {
    Setting { section, key, is_secret: true, meaning }
}

/// Every setting, in the order of the help.
pub const KNOWN: &[Setting] = &[
    secret("database", "url", "our own Postgres; left out: an embedded cluster below data_dir"),
    plain(
        "database",
        "data_dir",
        "its place; default ~/.local/share/etsy-odoo, for root /var/lib/etsy-odoo",
    ),
    plain(
        "database",
        "binaries",
        "the directory of initdb and pg_ctl; left out: they are looked for",
    ),
    plain("odoo", "url", "where Odoo answers, such as https://erp.example.com"),
    plain("odoo", "database", "the name of Odoo's database"),
    plain("odoo", "login", "the API user of every run; it needs no administrator's rights"),
    secret(
        "odoo",
        "api_key",
        "that user's API key, or password; a user's key lasts at most 90 days",
    ),
    secret("odoo", "read_url", "Odoo's own Postgres, by a role that can only read"),
    plain(
        "odoo",
        "connections",
        "parallel calls, default 2; more than Odoo has workers makes them wait",
    ),
    plain(
        "odoo",
        "timeout_seconds",
        "for one call, default 150; below Odoo's own 120 a slow call ends as unknown",
    ),
    plain(
        "odoo",
        "chatter",
        "quiet (default): Odoo notes no creation, confirmation or change; full: as by hand",
    ),
    plain("etsy", "api_url", "default https://openapi.etsy.com/v3; the sandbox prints its own"),
    plain("etsy", "token_url", "default https://api.etsy.com/v3/public/oauth/token"),
    plain("etsy", "auth_url", "default https://www.etsy.com/oauth/connect"),
    plain(
        "etsy",
        "redirect_uri",
        "registered with the app; default http://localhost:3003/oauth/redirect",
    ),
    secret("etsy", "keystring", "the API key of your Etsy app"),
    secret("etsy", "shared_secret", "its shared secret; Etsy refuses calls without it"),
    plain("etsy", "calls_per_second", "ceiling, default 10; Etsy's headers lower it"),
    plain(
        "etsy",
        "calls_per_day",
        "ceiling, default 10000; a run that meets it stops in good order",
    ),
    plain(
        "etsy",
        "reserved_for_orders",
        "calls of the day that listings may not use, default 2000; at most half a day",
    ),
    plain(
        "etsy",
        "patience_seconds",
        "for one answer and its repetitions, default 180; less shows outages sooner",
    ),
    secret(
        "etsy",
        "token_key",
        "64 hex digits that seal the shops' tokens, from `openssl rand -hex 32`",
    ),
    secret("etsy", "new_token_key", "its successor, while `shop rotate-key` changes it"),
];
