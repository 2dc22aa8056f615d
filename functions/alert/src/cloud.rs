//! What is outside at AWS: SNS, which knows who hears the alerts, and SES, which sends the canary. Neither is asked by a sweep that does
//! not do the work of the hour.

use boot::aws::endpoint;
use boot::settings::{CanaryWay, SettingError, canary};
use domain::canary::Nonce;
use serde_json::json;
use wire::{Call, Wire};

use crate::notify::Notifier;
use crate::watch::{Outside, OutsideError};

/// The text of a canary, for a person who finds one.
const TEXT: &str = "port25 sends this mail to itself once an hour. When none arrives, an alarm says that its mail path is broken.\n";

/// SNS and SES.
#[derive(Debug)]
pub struct Cloud<'a> {
    notifier: &'a Notifier,
    canary: Option<(CanaryWay, Ses)>,
}

/// SES, for the one call that is made of it (`SendEmail` of its second version).
#[derive(Debug)]
struct Ses {
    wire: Wire,
    url: String,
}

impl<'a> Cloud<'a> {
    /// The topics of the notifier, and a canary where `CANARY_FROM` and `CANARY_TO` are set.
    ///
    /// # Errors
    /// When only one of the two is set, or one is no address.
    pub fn configured(notifier: &'a Notifier, wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        let canary = canary(&lookup)?.map(|way| (way, Ses::new(wire, &lookup)));
        Ok(Self { notifier, canary })
    }
}

impl Outside for Cloud<'_> {
    async fn confirmed(&self) -> Result<Option<u32>, OutsideError> {
        match self.notifier {
            Notifier::Sns(topics) => topics.confirmed().await.map(Some),
            _ => Ok(None),
        }
    }

    fn has_canary(&self) -> bool {
        self.canary.is_some()
    }

    async fn send(&self, nonce: &Nonce) -> Result<(), OutsideError> {
        let Some((way, ses)) = &self.canary else { return Ok(()) };
        let body = json!({
            "FromEmailAddress": way.from,
            "Destination": {"ToAddresses": [way.to]},
            "Content": {"Simple": {"Subject": {"Data": nonce.subject()}, "Body": {"Text": {"Data": TEXT}}}},
        });
        let body = body.to_string();
        let headers = [("content-type", "application/json")];
        let call = Call { service: "ses", method: "POST", url: &ses.url, headers: &headers, body: body.as_bytes() };
        let sent = ses.wire.call(&call).await;
        sent.map(drop).map_err(|error| OutsideError { what: "SES did not take it", source: Box::new(error) })
    }
}

impl Ses {
    fn new(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let base = endpoint(lookup, "SESV2").unwrap_or_else(|| wire.regional("email"));
        let url = format!("{}/v2/email/outbound-emails", base.trim_end_matches('/'));
        Self { wire: wire.clone(), url }
    }
}
