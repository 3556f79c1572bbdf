//! Rows from one database to another, undecoded.

use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio_postgres::Transaction;

use super::{DatabaseError, OdooTransaction};

/// One message per row costs a third more than messages of this many bytes.
const CHUNK: usize = 64 * 1024;

/// Sends what `copy_out` (a `copy (…) to stdout (format binary)` on Odoo's side) yields into `copy_in` (a
/// `copy … from stdin (format binary)` on ours). Returns how many rows landed. The column types must be the same on
/// both sides: binary COPY does not convert.
pub async fn pipe(
    from: &OdooTransaction<'_>,
    copy_out: &str,
    into: &Transaction<'_>,
    copy_in: &str,
    what: &str,
) -> Result<u64, DatabaseError> {
    let reading = format!("read {what} from Odoo's database");
    let writing = format!("store {what} of Odoo's database");
    let mut rows = std::pin::pin!(from.copy_out(&reading, copy_out).await?);
    let sink = into
        .copy_in::<_, Bytes>(copy_in)
        .await
        .map_err(|error| DatabaseError::query(&writing, error))?;
    let mut sink = std::pin::pin!(sink);
    let mut buffer = BytesMut::with_capacity(CHUNK.saturating_mul(2));
    while let Some(chunk) =
        rows.try_next().await.map_err(|error| DatabaseError::query(&reading, error))?
    {
        buffer.extend_from_slice(&chunk);
        if buffer.len() >= CHUNK {
            sink.feed(buffer.split().freeze())
                .await
                .map_err(|error| DatabaseError::query(&writing, error))?;
        }
    }
    sink.feed(buffer.freeze()).await.map_err(|error| DatabaseError::query(&writing, error))?;
    sink.as_mut().finish().await.map_err(|error| DatabaseError::query(&writing, error))
}
