//! Another key for all tokens at once.

use tokio_postgres::Row;

use super::{ShopError, TokenKey};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::ShopId;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Pairs that are under the new key since now.
    pub resealed: usize,
    /// Pairs that were under it before.
    pub already: usize,
}

/// Puts the tokens of all shops under the new key, in one transaction and while no renewal is under way: all of them or
/// none. It can be done again.
///
/// # Errors
///
/// [`ShopError::SameKey`] when there is nothing to change, [`ShopError::Sealed`] when neither key opens a pair.
pub async fn rotate_key(
    warehouse: &Warehouse,
    old: &TokenKey,
    new: &TokenKey,
) -> Result<Rotated, ShopError> {
    if old.is_same_as(new) {
        return Err(ShopError::SameKey);
    }
    let outcome = warehouse
        .transaction("seal the shops' tokens with another key", async |transaction| {
            transaction.query(sql!("shop/lock_all_tokens.sql"), &[]).await?;
            let rows = transaction.query(sql!("shop/all_tokens.sql"), &[]).await?;
            // all are opened before the first is written: a refusal ends a transaction that has changed nothing
            let resealed: Result<Vec<_>, _> =
                rows.iter().map(|row| resealed(row, old, new)).collect();
            let resealed = match resealed {
                Ok(resealed) => resealed,
                Err(error) => return Ok(Err(error)),
            };
            let mut rotated = Rotated { resealed: 0, already: 0 };
            for (shop, sealed) in resealed {
                match sealed {
                    Some(sealed) => {
                        transaction
                            .execute(sql!("shop/reseal_tokens.sql"), &[&shop.0, &sealed])
                            .await?;
                        rotated.resealed += 1;
                    }
                    None => rotated.already += 1,
                }
            }
            Ok(Ok(rotated))
        })
        .await;
    outcome.map_err(|error: DatabaseError| ShopError::Database(error))?
}

/// A pair under the new key; nothing when it is there already.
fn resealed(
    row: &Row,
    old: &TokenKey,
    new: &TokenKey,
) -> Result<(ShopId, Option<Vec<u8>>), ShopError> {
    use secrecy::ExposeSecret as _;
    let shop = ShopId(row.get("shop_id"));
    let (name, sealed): (&str, &[u8]) = (row.get("name"), row.get("sealed"));
    if new.open(shop, name, sealed).is_ok() {
        return Ok((shop, None));
    }
    let plain = old.open(shop, name, sealed)?;
    Ok((shop, Some(new.seal(shop, plain.expose_secret())?)))
}
