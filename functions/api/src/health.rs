//! `GET /v1/health`: the process answers. Whether the tracker is well is another question.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The process answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

/// The process answers. Whether the tracker is well is another question: `/v1/status`.
#[utoipa::path(get, operation_id = "get_health", path = "/v1/health", tag = "status", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn get() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
