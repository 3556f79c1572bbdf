//! `shop login`: the seller agrees in a browser, or hands over a refresh token.

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::mpsc;

use super::shop::from_stdin;
use super::{CommandError, Session};
use crate::db::Warehouse;
use crate::domain::Subject;
use crate::etsy::{
    Authorization, EtsyError, Granted, Loopback, Redirected, Scope, TokenEndpoint, TokenPair,
};
use crate::shop::{self, Shop, StockMaster};
use crate::snapshot::EtsySide;

/// How long the seller has to agree.
const PATIENCE: Duration = Duration::from_mins(5);

/// Where the seller's word comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A browser on this machine, which comes back to a port of ours.
    Browser,
    /// A browser anywhere, whose last address is pasted.
    Paste,
    /// A refresh token on stdin.
    RefreshToken,
}

/// `etsy-odoo shop login NAME`. Nothing is stored before Etsy has said whose login it is.
pub(super) async fn login(
    session: &Session,
    warehouse: &Warehouse,
    shop: &Shop,
    way: Way,
) -> Result<(), CommandError> {
    let key = session.token_key()?;
    let etsy = session.etsy(warehouse)?;
    let pair = match way {
        Way::RefreshToken => etsy.endpoint().refresh(&from_stdin()?).await,
        Way::Browser => Ok(by_browser(session, &etsy, shop).await?),
        Way::Paste => Ok(by_paste(session, &etsy, shop).await?),
    };
    let tokens = etsy.tokens(pair.map_err(|source| refused(shop, source))?);
    let owned = etsy.owned_shop(&tokens.access, shop).await;
    let owned = owned.map_err(|source| refused(shop, source))?;
    if owned != Some(shop.id) {
        return Err(CommandError::WrongShop { name: shop.name.clone(), asked: shop.id, owned });
    }
    let granted = granted(&etsy, &tokens.access).await;
    shop::store_tokens(warehouse, &key, shop.id, &tokens, session.clock.now()).await?;
    if let Some(granted) = &granted {
        shop::store_scopes(warehouse, shop, &granted.words()).await?;
    }
    see_what_is_missing(shop, granted.as_ref())?;
    session.printer.line(&format!("{} is connected", shop.name))
}

/// What the token may do. No document tells the shape of Etsy's answer, so that not to understand it is no fault.
pub(super) async fn granted(etsy: &EtsySide, token: &SecretString) -> Option<Granted> {
    etsy.granted(token).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "Etsy does not say what was granted");
        None
    })
}

/// Whether the login may do what is reconciled; not knowing is no fault.
pub(super) fn see_what_is_missing(
    shop: &Shop,
    granted: Option<&Granted>,
) -> Result<(), CommandError> {
    let needed = needed_for(shop);
    let missing = granted.map(|granted| granted.missing(&needed)).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = missing.iter().map(|scope| scope.as_str()).collect();
    let is_for_stock = missing.contains(&Scope::ListingsW);
    let name = shop.name.clone();
    Err(CommandError::MissingScopes { name, missing: words.join(", "), is_for_stock })
}

fn refused(shop: &Shop, source: EtsyError) -> CommandError {
    CommandError::Login { name: shop.name.clone(), source: Box::new(source) }
}

async fn by_browser(
    session: &Session,
    etsy: &EtsySide,
    shop: &Shop,
) -> Result<TokenPair, CommandError> {
    let loopback = Loopback::listen(&session.settings.etsy()?.redirect_uri).await;
    let loopback = loopback.map_err(|source| refused(shop, source))?;
    let login = Arc::new(begin(etsy.endpoint(), shop));
    session.printer.talk(&format!(
        "Open this page as the seller of `{}`, and agree:\n\n{}\n\nWaiting for {} minutes.",
        shop.name,
        login.page(),
        PATIENCE.as_secs() / 60,
    ))?;
    open_browser(login.page().as_str());
    let code = loopback.wait(&login, PATIENCE).await;
    let code = code.map_err(|source| refused(shop, source))?;
    exchange(etsy, shop, &code, &login).await
}

async fn by_paste(
    session: &Session,
    etsy: &EtsySide,
    shop: &Shop,
) -> Result<TokenPair, CommandError> {
    let login = begin(etsy.endpoint(), shop);
    session.printer.talk(&format!(
        "Open this page as the seller of `{}`, in any browser, and agree:\n\n{}\n\n\
         The browser then ends at an address that begins with {}; it need not be there.\n\
         Paste that address:",
        shop.name,
        login.page(),
        session.settings.etsy()?.redirect_uri.as_str(),
    ))?;
    let mut lines = lines_of_stdin();
    let code = loop {
        let line = lines.recv().await.ok_or(CommandError::NoInput)?.map_err(CommandError::Input)?;
        match login.read_pasted(&line) {
            Redirected::Agreed(code) => break code,
            Redirected::Declined(said) => return Err(refused(shop, EtsyError::Declined { said })),
            Redirected::Foreign => session.printer.talk(
                "That address belongs to another login. Open the page above, and paste where it leads:",
            )?,
            Redirected::Strange => session.printer.talk(
                "There is no code in that. Paste the whole address that the browser ends at:",
            )?,
        }
    };
    exchange(etsy, shop, &code, &login).await
}

fn begin(endpoint: &TokenEndpoint, shop: &Shop) -> Authorization {
    endpoint.authorization(&needed_for(shop))
}

/// What a login of the shop has to allow: to write only where quantities are pushed to Etsy.
fn needed_for(shop: &Shop) -> BTreeSet<Scope> {
    let is_pushed = shop.policy.stock.master == StockMaster::Odoo;
    let subjects: Vec<Subject> = Subject::ALL
        .iter()
        .copied()
        .filter(|subject| is_pushed || *subject != Subject::Inventory)
        .collect();
    Scope::needed_for(&subjects)
}

async fn exchange(
    etsy: &EtsySide,
    shop: &Shop,
    code: &SecretString,
    login: &Authorization,
) -> Result<TokenPair, CommandError> {
    let exchanged = etsy.endpoint().exchange(code, login).await;
    exchanged.map_err(|source| refused(shop, source))
}

/// The first opener of this platform that starts. None has to: the address was printed.
fn open_browser(page: &str) {
    let started = open::commands(page).into_iter().any(|command| {
        // what a browser says has no place in our output, and it may outlive us
        tokio::process::Command::from(command)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .is_ok()
    });
    tracing::debug!(started, "the browser");
}

/// Lines as they are typed, on a thread that nobody waits for: one that waited for a person could not be interrupted.
fn lines_of_stdin() -> mpsc::Receiver<std::io::Result<String>> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// One line for each login that ends soon, for whoever reads what cron mails. It changes no exit code.
pub(super) async fn warn_of_endings(
    session: &Session,
    warehouse: &Warehouse,
) -> Result<(), CommandError> {
    for login in shop::logins_to_warn_of(warehouse, session.clock.now()).await? {
        tracing::warn!(
            "the login of shop `{shop}` ends at {ends}: connect it again with `etsy-odoo shop login {shop}`",
            shop = login.shop,
            ends = login.ends_at.format("%Y-%m-%d %H:%M UTC"),
        );
    }
    Ok(())
}
