//! What it takes to call an Odoo.

use std::time::Duration;

use secrecy::SecretString;

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
}
