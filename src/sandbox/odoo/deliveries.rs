//! What confirming an order sets off in the warehouse.

use super::call::{Call, CallError};

/// Makes deliveries for orders that sell goods, and reserves what there is.
pub(super) async fn launch(call: Call<'_>, orders: &[i32]) -> Result<(), CallError> {
    if orders.is_empty() {
        return Ok(());
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/deliver_orders.sql"), &[&orders, &session.now, &session.uid])
        .await?;
    call.rows(sql!("sandbox/odoo/reserve_stock.sql"), &[&orders, &session.now, &session.uid])
        .await?;
    Ok(())
}
