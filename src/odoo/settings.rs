//! What it takes to call an Odoo.

use std::time::Duration;

use secrecy::SecretString;

/// What Odoo notes in its chatter about what we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chatter {
    /// Neither "created" and "confirmed" nor changes of tracked fields, the user of the runs follows nothing, and nobody
    /// is told that an order was assigned to them. Orders, deliveries and reservations are the same, and a quarter of
    /// Odoo's work is saved.
    #[default]
    Quiet,
    /// All that Odoo notes when a person does the same by hand.
    Full,
}

impl Chatter {
    /// The words that stand for it in the settings.
    pub const EXPECTED: &'static str = "quiet or full";

    /// Reads it from the settings.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "quiet" => Some(Self::Quiet),
            "full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// Where Odoo is, and as whom it is called.
#[derive(Debug, Clone)]
pub struct OdooSettings {
    /// The address of the server, for instance `https://erp.example.com`.
    pub url: String,
    /// The name of its database.
    pub database: String,
    /// The login of the user whose key it is.
    pub login: String,
    /// The API key (or the password, for a user without one).
    pub api_key: SecretString,
    /// How many calls may be under way at once: no more than Odoo has workers.
    pub connections: u32,
    /// How long an answer is waited for. Odoo gives up a request after 120 s (`limit_time_real`), so less than that
    /// makes slow calls ambiguous, and more only waits for a connection that is closed already.
    pub call_timeout: Duration,
    /// What Odoo notes about what we write.
    pub chatter: Chatter,
}
