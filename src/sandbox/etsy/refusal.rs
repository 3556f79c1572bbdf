//! How Etsy says no. The words are Etsy's where somebody has seen them; the others are assumed and say what they mean.

use std::fmt;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error answer: `{"error": …}`, for tokens with an `error_description`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) description: Option<&'static str>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), description: None }
    }

    pub(super) fn bad_request(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// <https://github.com/etsy/open-api/issues/160>
    pub(super) fn no_receipt(receipt_id: i64, shop_id: i64) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!(
                "Could not find a Shop Receipt with receipt_id = {receipt_id} associated with shop_id = {shop_id}"
            ),
        )
    }

    pub(super) fn no_shop(shop_id: i64) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Could not find a Shop with shop_id = {shop_id}"))
    }

    pub(super) fn no_listing(listing_id: impl fmt::Display) -> Self {
        let error = format!("Could not find a Listing with listing_id = {listing_id}");
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// Documented without a body; the words are those of the published schema.
    pub(super) fn conflict() -> Self {
        let words = "There was a request conflict with the current state of the target resource.";
        Self::new(StatusCode::CONFLICT, words)
    }

    /// <https://github.com/etsy/open-api/issues/519>
    pub(super) fn token(description: &'static str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_token".to_owned(),
            description: Some(description),
        }
    }

    /// <https://github.com/etsy/open-api/issues/598>
    pub(super) fn scope() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            error: "insufficient_scope".to_owned(),
            description: Some("Insufficient scope"),
        }
    }

    /// An error of the token endpoint.
    pub(super) fn grant(error: &str, description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: error.to_owned(),
            description: Some(description),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body { error: &self.error, error_description: self.description };
        (self.status, Json(body)).into_response()
    }
}
