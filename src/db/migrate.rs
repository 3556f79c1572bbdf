//! Brings a database to the schema of this version.

use super::DatabaseError;

mod embedded_migrations {
    refinery::embed_migrations!("migrations");
}

/// Applies what is missing of `migrations/`, in one transaction; a database that is up to date is left alone.
/// Returns the names of what was applied.
pub async fn migrate(client: &mut tokio_postgres::Client) -> Result<Vec<String>, DatabaseError> {
    let report = embedded_migrations::migrations::runner()
        .set_grouped(true)
        .set_abort_divergent(true)
        .set_abort_missing(true)
        .run_async(client)
        .await
        .map_err(|source| DatabaseError::Migrate { source: Box::new(source) })?;
    Ok(report.applied_migrations().iter().map(ToString::to_string).collect())
}
