//! Both simulated sides, started together on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

use super::etsy::{self, EtsyOptions};
use super::odoo::{self, CatalogueSeed, OdooOptions, ReadRole, Seed};
use super::world::{World, WorldSize};
use crate::domain::{Advice, Clock};

/// The usual name of the role that Odoo's database is read with.
pub const READER: &str = "etsy_odoo_reader";

/// How the pair is set up.
#[derive(Debug, Clone)]
pub struct PairOptions {
    /// The world behind it.
    pub size: WorldSize,
    /// Etsy's port; 0: any that is free.
    pub etsy_port: u16,
    /// Odoo's port; 0: any that is free.
    pub odoo_port: u16,
    /// The role that Odoo's database is read with. Roles belong to a whole server: pairs that share one need a role each.
    pub reader: String,
    /// How Etsy behaves.
    pub etsy: EtsyOptions,
    /// How Odoo behaves.
    pub odoo: OdooOptions,
}

/// Both sides, running until the value is dropped.
pub struct Pair {
    /// Where Etsy answers, without a path.
    pub etsy_url: String,
    /// Where Odoo answers.
    pub odoo_url: String,
    /// The world; a lock away from being changed.
    pub world: Arc<Mutex<World>>,
    /// How they were set up; the fault scripts in it are alive.
    pub options: PairOptions,
    servers: JoinSet<Result<(), PairError>>,
    stop: watch::Sender<bool>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pair")
            .field("etsy_url", &self.etsy_url)
            .field("odoo_url", &self.odoo_url)
            .finish_non_exhaustive()
    }
}

/// Why the pair does not run.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// A port that cannot be had.
    #[error("port {port} cannot be listened on")]
    Port {
        /// Which one.
        port: u16,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Etsy.
    #[error("the simulated Etsy stopped")]
    Etsy(#[source] etsy::ServeError),
    /// Odoo.
    #[error("the simulated Odoo stopped")]
    Odoo(#[source] odoo::OdooSandboxError),
}

impl PairError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Port { .. } => Advice::needs_person(
                "stop what uses it, or name other ports: `etsy-odoo sandbox --etsy-port N --odoo-port N`",
            ),
            Self::Etsy(error) => error.advice(),
            Self::Odoo(error) => error.advice(),
        }
    }
}

impl Pair {
    /// Makes the world, fills `database` (which must be empty) as Odoo's, and serves both.
    pub async fn start(
        options: PairOptions,
        database: &tokio_postgres::Config,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PairError> {
        let etsy_listener = listen(options.etsy_port).await?;
        let odoo_listener = listen(options.odoo_port).await?;
        let world = World::new(options.size, clock.now());
        let catalogue: Vec<CatalogueSeed> = world
            .catalogue()
            .into_iter()
            .map(|item| CatalogueSeed {
                sku: item.sku,
                name: item.name,
                price_minor: item.price_minor,
                decimals: item.decimals,
                currency: item.currency,
                on_hand: item.on_hand,
                is_digital: item.is_digital,
                barcode: item.barcode,
            })
            .collect();
        let seed = Seed {
            login: options.odoo.login.clone(),
            admin_login: options.odoo.admin_login.clone(),
            catalogue,
        };
        odoo::seed(database, &seed, clock.as_ref()).await.map_err(PairError::Odoo)?;
        grant_reader(database, &options).await?;
        let (etsy_url, odoo_url) = (address(&etsy_listener)?, address(&odoo_listener)?);
        let world = Arc::new(Mutex::new(world));
        let (stop, stopping) = watch::channel(false);
        let mut servers = JoinSet::new();
        let serving = etsy::serve(
            etsy_listener,
            Arc::clone(&world),
            Arc::clone(&clock),
            options.etsy.clone(),
            told(stopping.clone()),
        );
        servers.spawn(async move { serving.await.map_err(PairError::Etsy) });
        let serving = odoo::serve(
            odoo_listener,
            database.clone(),
            options.odoo.clone(),
            clock,
            told(stopping),
        );
        servers.spawn(async move { serving.await.map_err(PairError::Odoo) });
        Ok(Self { etsy_url, odoo_url, world, options, servers, stop })
    }

    /// Waits until one of them ends by itself, which only a fault makes it do.
    pub async fn ended(&mut self) -> Result<(), PairError> {
        match self.servers.join_next().await {
            Some(Ok(ended)) => ended,
            Some(Err(_)) | None => Ok(()),
        }
    }

    /// Stops both, letting calls that are under way end.
    pub async fn stop(mut self) -> Result<(), PairError> {
        self.stop.send_replace(true);
        while let Some(ended) = self.servers.join_next().await {
            if let Ok(ended) = ended {
                ended?;
            }
        }
        Ok(())
    }
}

/// Lets the reader read what it may. As in a real Odoo, a right on columns does not reach a field that is created later:
/// to be called again after `init`.
pub async fn grant_reader(
    database: &tokio_postgres::Config,
    options: &PairOptions,
) -> Result<(), PairError> {
    let role = ReadRole { name: options.reader.clone(), password: options.odoo.password.clone() };
    odoo::grant_read_role(database, &role).await.map_err(PairError::Odoo)
}

/// Resolves when the pair is told to stop, or is gone.
async fn told(mut stopping: watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_err() {
        tracing::debug!("the pair is gone");
    }
}

async fn listen(port: u16) -> Result<TcpListener, PairError> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(|source| PairError::Port { port, source })
}

fn address(listener: &TcpListener) -> Result<String, PairError> {
    let address = listener.local_addr().map_err(|source| PairError::Port { port: 0, source })?;
    Ok(format!("http://{address}"))
}
