//! Fills an empty database: what a young Odoo has, a catalogue, and a little trade of other channels.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use crate::domain::Clock;

use super::error::OdooSandboxError;

/// A product to stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueSeed {
    /// `default_code`.
    pub sku: String,
    /// The name that people see.
    pub name: String,
    /// The price in minor units; converted into dollars where it is in another currency.
    pub price_minor: i64,
    /// How many decimals the minor unit stands for.
    pub decimals: u8,
    /// The ISO 4217 code of the price.
    pub currency: String,
    /// How many pieces lie in the warehouse.
    pub on_hand: i64,
    /// A service, which has no stock.
    pub is_digital: bool,
    /// The barcode, if it has one.
    pub barcode: Option<String>,
}

/// Who may log in; the passwords are [`serve`](super::serve)'s business.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The login of the bot.
    pub login: String,
    /// The login of the administrator.
    pub admin_login: String,
    /// What is in stock.
    pub catalogue: Vec<CatalogueSeed>,
}

/// A role of the database cluster that may only read.
#[derive(Debug, Clone)]
pub struct ReadRole {
    /// Its name; it is created if it is not there.
    pub name: String,
    /// Its password.
    pub password: SecretString,
}

/// The scripts that need nothing but the settings, in their order. The catalogue goes between the two lists.
const FOUNDATION: [(&str, &str); 14] = [
    ("schema_base", sql!("sandbox/odoo/schema_base.sql")),
    ("schema_stock", sql!("sandbox/odoo/schema_stock.sql")),
    ("schema_sale", sql!("sandbox/odoo/schema_sale.sql")),
    ("schema_account", sql!("sandbox/odoo/schema_account.sql")),
    ("machinery", sql!("sandbox/odoo/machinery.sql")),
    ("search", sql!("sandbox/odoo/search.sql")),
    ("entries", sql!("sandbox/odoo/entries.sql")),
    ("currencies", sql!("sandbox/odoo/currencies.sql")),
    ("countries", sql!("sandbox/odoo/countries.sql")),
    ("country_states", sql!("sandbox/odoo/country_states.sql")),
    ("base", sql!("sandbox/odoo/base.sql")),
    ("accounts", sql!("sandbox/odoo/accounts.sql")),
    ("models", sql!("sandbox/odoo/models.sql")),
    ("access", sql!("sandbox/odoo/access.sql")),
];
const TRADE: [(&str, &str); 2] = [
    ("other_channels", sql!("sandbox/odoo/other_channels.sql")),
    ("stamp", sql!("sandbox/odoo/stamp.sql")),
];

/// Creates the tables in an empty database and fills them, all or nothing.
pub async fn seed(
    config: &tokio_postgres::Config,
    contents: &Seed,
    clock: &dyn Clock,
) -> Result<(), OdooSandboxError> {
    let settings = [
        ("sandbox.login", contents.login.clone()),
        ("sandbox.admin_login", contents.admin_login.clone()),
        ("sandbox.seeded_at", clock.now().naive_utc().to_string()),
    ];
    connected(config, async |client| {
        let transaction = client.transaction().await.map_err(OdooSandboxError::Connect)?;
        let failed = |step| move |source| OdooSandboxError::Seed { step, source };
        for (name, value) in &settings {
            transaction
                .query(sql!("sandbox/odoo/setting.sql"), &[name, value])
                .await
                .map_err(failed("settings"))?;
        }
        for (step, script) in FOUNDATION {
            transaction.batch_execute(script).await.map_err(failed(step))?;
        }
        transaction
            .query(sql!("sandbox/odoo/catalogue.sql"), &[&catalogue_rows(&contents.catalogue)])
            .await
            .map_err(failed("catalogue"))?;
        for (step, script) in TRADE {
            transaction.batch_execute(script).await.map_err(failed(step))?;
        }
        transaction.commit().await.map_err(failed("commit"))
    })
    .await
}

fn catalogue_rows(catalogue: &[CatalogueSeed]) -> Value {
    let rows = catalogue.iter().map(|item| {
        json!({
            "sku": item.sku,
            "name": item.name,
            "price_minor": item.price_minor,
            "decimals": item.decimals,
            "currency": item.currency,
            "on_hand": item.on_hand,
            "is_digital": item.is_digital,
            "barcode": item.barcode,
        })
    });
    rows.collect()
}

/// Makes the role that a reconciler reads with. To be run again after custom fields were created: as in a real Odoo, a
/// right on columns does not reach a column that is added later.
pub async fn grant_read_role(
    config: &tokio_postgres::Config,
    role: &ReadRole,
) -> Result<(), OdooSandboxError> {
    connected(config, async |client| {
        let failed = |source| OdooSandboxError::ReadRole { role: role.name.clone(), source };
        let transaction = client.transaction().await.map_err(OdooSandboxError::Connect)?;
        let settings = [
            ("sandbox.read_role", role.name.as_str()),
            ("sandbox.read_password", role.password.expose_secret()),
        ];
        for (name, value) in settings {
            transaction
                .query(sql!("sandbox/odoo/setting.sql"), &[&name, &value])
                .await
                .map_err(failed)?;
        }
        transaction.batch_execute(sql!("sandbox/odoo/read_role.sql")).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    })
    .await
}

/// Lets Odoo sell some goods elsewhere, and receive some. Returns of how many.
pub async fn trade_elsewhere(
    config: &tokio_postgres::Config,
    goods: i64,
) -> Result<u64, OdooSandboxError> {
    let mut traded = 0;
    connected(config, async |client| {
        let statement = sql!("sandbox/odoo/trade_elsewhere.sql");
        traded = client.execute(statement, &[&goods]).await.map_err(OdooSandboxError::Trade)?;
        Ok(())
    })
    .await?;
    Ok(traded)
}

/// Runs `work` on a connection of its own.
async fn connected(
    config: &tokio_postgres::Config,
    work: impl AsyncFnOnce(&mut Client) -> Result<(), OdooSandboxError>,
) -> Result<(), OdooSandboxError> {
    let (mut client, connection) =
        config.connect(NoTls).await.map_err(OdooSandboxError::Connect)?;
    let session = async move {
        let result = work(&mut client).await;
        drop(client);
        result
    };
    let (result, served) = tokio::join!(session, connection);
    result?;
    served.map_err(OdooSandboxError::Connect)
}
