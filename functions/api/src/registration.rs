//! `POST /v1/requests`: a request that was submitted to AWS by hand, before or without its mail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use domain::classify::Family;
use domain::ids::{AccountId, AwsId, Region};
use domain::request::Submitted;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::act::{self, Registered, Registration};
use crate::acts::Done;
use crate::body::Body;
use crate::openapi::{Change, Refused};
use crate::page::url::segment;
use crate::problem::Problem;
use crate::view::turn;
use crate::writing::{Writing, etag};

/// What was submitted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submission {
    /// What was asked, in one line.
    #[schema(min_length = 1)]
    subject: String,
    /// What kind of request; `null`: `port25`.
    #[schema(pattern = "^(port25|abuse|support-case|verification|other)$")]
    family: Option<String>,
    /// The AWS account it was asked for.
    #[schema(pattern = "^[0-9]{12}$")]
    account: Option<String>,
    /// The Regions it was asked for.
    #[serde(default)]
    #[schema(max_items = 20)]
    regions: Vec<String>,
    /// AWS's ID of it, where it is known: AWS's mail with this ID joins it.
    aws_id: Option<String>,
    /// When it was submitted (RFC 3339), at most 30 days ago; `null`: now.
    #[schema(format = DateTime)]
    since: Option<String>,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// Registers a request that was submitted by hand: its clock begins at `since`.
#[utoipa::path(post, operation_id = "register_request", path = "/v1/requests", tag = "requests", request_body = Submission, params(Change),
    responses((status = 201, body = Done), (status = 200, body = Done, description = "It was registered before"), Refused))]
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    writing: Writing,
    Body(body): Body<Submission>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 2], Json<Done>), Problem> {
    let registration = body.read(&writing)?;
    let registered = act::register(&app.store, &app.policy, &registration, app.now()).await.map_err(|error| Problem::act(error, ""))?;
    let id = registered.request.to_string();
    let place = HeaderValue::from_str(&format!("/v1/requests/{}", segment(&id))).unwrap_or(HeaderValue::from_static("/v1/requests"));
    let status = if registered.said_before { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, [etag(registered.version), (LOCATION, place)], Json(view(&registered))))
}

/// What became of a registration, as the API shows it.
pub fn view(registered: &Registered) -> Done {
    Done {
        id: registered.request.to_string(),
        entry: registered.entry.to_string(),
        turn: turn(registered.turn),
        until: None,
        said_before: registered.said_before,
    }
}

impl Submission {
    fn read(self, writing: &Writing) -> Result<Registration, Problem> {
        let wrong = |pointer: &str, wants: &str| Problem::validation(pointer, wants);
        let family = match self.family.as_deref() {
            None => Family::Port25,
            Some(word) => Family::parse(word)
                .filter(|family| Submitted::FAMILIES.contains(family))
                .ok_or_else(|| wrong("/family", "give port25, abuse, support-case, verification or other"))?,
        };
        let account = self.account.as_deref().map(|text| AccountId::parse(text).ok_or_else(|| wrong("/account", "give twelve digits")));
        let regions = self.regions.iter().enumerate().map(|(n, text)| {
            Region::parse(text).ok_or_else(|| wrong(&format!("/regions/{n}"), "give the code of a Region, such as eu-west-1"))
        });
        let aws_id = self.aws_id.as_deref().map(|text| AwsId::parse(text).ok_or_else(|| wrong("/aws_id", "give AWS's ID as AWS shows it")));
        let since = self.since.as_deref().map(|text| text.parse::<Timestamp>().map_err(|_| wrong("/since", "give a time (RFC 3339)")));
        Ok(Registration {
            family,
            account: account.transpose()?,
            regions: regions.collect::<Result<_, _>>()?,
            subject: self.subject,
            aws_id: aws_id.transpose()?,
            since: since.transpose()?,
            by: writing.caller.by(self.by.as_deref()),
            why: self.why,
            key: writing.key.clone(),
        })
    }
}
