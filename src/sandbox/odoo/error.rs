//! What can go wrong with the stand-in itself; what a call is refused with is `Refusal`.

use crate::domain::Advice;

/// Why the simulated Odoo could not be made or kept running.
#[derive(Debug, thiserror::Error)]
pub enum OdooSandboxError {
    /// The database that is to hold its state does not answer.
    #[error("the database of the simulated Odoo does not answer")]
    Connect(#[source] tokio_postgres::Error),
    /// A step of filling the database failed.
    #[error("the simulated Odoo's database could not be filled: step `{step}`")]
    Seed {
        /// The name of the script.
        step: &'static str,
        /// What Postgres said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The role that may only read could not be made.
    #[error("the reading role `{role}` could not be made in the simulated Odoo's database")]
    ReadRole {
        /// The name of the role.
        role: String,
        /// What Postgres said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The trade of other channels failed.
    #[error("the simulated Odoo could not sell anything elsewhere")]
    Trade(#[source] tokio_postgres::Error),
    /// The connection pool cannot be built.
    #[error("the simulated Odoo's connection pool could not be built")]
    Pool(#[source] deadpool_postgres::BuildError),
    /// The pool gave no connection.
    #[error("the simulated Odoo got no connection to its database")]
    Checkout(#[source] deadpool_postgres::PoolError),
    /// The users could not be read.
    #[error("the simulated Odoo's users could not be read; is its database seeded?")]
    Users(#[source] tokio_postgres::Error),
    /// The listener broke.
    #[error("the simulated Odoo stopped serving")]
    Serve(#[source] std::io::Error),
}

impl OdooSandboxError {
    /// What the person who started the sandbox can do.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Connect(_) | Self::Checkout(_) => {
                Advice::try_again("start the Postgres of the sandbox and run the command again")
            }
            Self::Seed { .. } | Self::ReadRole { .. } | Self::Users(_) => {
                Advice::needs_person("give the sandbox an empty database and a role that owns it")
            }
            Self::Trade(_) | Self::Pool(_) | Self::Serve(_) => Advice::failed(),
        }
    }
}
