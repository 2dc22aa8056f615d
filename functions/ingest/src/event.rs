//! The smallest event: from an SQS body to the object that SES stored, with SES's verdicts.
//!
//! SES publishes its notification to SNS, SNS delivers it to SQS inside its own envelope, or raw. Every field that is not needed
//! is not declared: a field that AWS leaves out must not fail a mail.

use domain::trust::{Verdict, Verdicts};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The largest body that is parsed: SQS delivers at most 256 KB (1 MiB in newer Regions).
const BODY_MAX: usize = 1024 * 1024;

/// An object with a mail in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The bucket, as the notification names it.
    pub bucket: Option<String>,
    /// The key of the object.
    pub key: String,
    /// What SES found.
    pub verdicts: Option<Verdicts>,
}

/// Why a body can never be processed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It is not JSON of a form that we know.
    #[error("the body is no SES notification: {0}")]
    NotANotification(String),
    /// It is too large to be one.
    #[error("the body has {0} bytes, more than a notification can have")]
    TooLarge(usize),
    /// The event has no list of records.
    #[error("the event is none of SQS: it has no list of records")]
    NoRecords,
    /// It is a notification that names no object.
    #[error("the notification names no object (action {0:?}): the receipt rule needs an S3 action with an SNS topic")]
    NoObject(String),
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Message")]
    message: Option<String>,
}

#[derive(Deserialize)]
struct Notification {
    receipt: Option<Receipt>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    action: Option<Action>,
    spam_verdict: Option<Status>,
    virus_verdict: Option<Status>,
    dmarc_verdict: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    #[serde(rename = "type")]
    kind: Option<String>,
    bucket_name: Option<String>,
    object_key: Option<String>,
}

#[derive(Deserialize)]
struct Status {
    status: Option<String>,
}

/// Of an SQS event, as it stands in the JSON.
#[derive(Deserialize)]
struct Batch<'x> {
    #[serde(rename = "Records", borrow)]
    records: Vec<&'x RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchRecord<'x> {
    #[serde(borrow)]
    message_id: Option<&'x RawValue>,
    #[serde(borrow)]
    body: Option<&'x RawValue>,
}

/// The records of an SQS event, as message ids and bodies. Read piece by piece: one odd record never fails the others, and an error
/// of serde's would quote the event.
///
/// # Errors
/// When there is no list of records. A record without a body is one that can never be processed.
pub fn records(event: &str) -> Result<Vec<(String, Option<String>)>, EventError> {
    let batch: Batch<'_> = serde_json::from_str(event).map_err(|_| EventError::NoRecords)?;
    let text = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    let read = |record: &&RawValue| {
        let record: BatchRecord<'_> = serde_json::from_str(record.get()).unwrap_or_default();
        (text(record.message_id).unwrap_or_default(), text(record.body))
    };
    Ok(batch.records.iter().map(read).collect())
}

/// Reads an SQS body: an SNS envelope or the raw notification.
///
/// # Errors
/// When it can never be processed, whatever is tried.
pub fn read(body: &str) -> Result<Incoming, EventError> {
    if body.len() > BODY_MAX {
        return Err(EventError::TooLarge(body.len()));
    }
    let not = |e: serde_json::Error| EventError::NotANotification(format!("line {} column {}", e.line(), e.column()));
    let envelope: Envelope = serde_json::from_str(body).map_err(not)?;
    let inner = envelope.message.as_deref().unwrap_or(body);
    let notification: Notification = serde_json::from_str(inner).map_err(not)?;
    let receipt = notification.receipt.ok_or_else(|| EventError::NotANotification("no receipt".to_owned()))?;
    let kind = receipt.action.as_ref().and_then(|a| a.kind.clone()).unwrap_or_default();
    let (bucket, key) = receipt.action.map(|a| (a.bucket_name, a.object_key)).unwrap_or_default();
    let key = key.filter(|k| !k.is_empty()).ok_or(EventError::NoObject(kind))?;
    // No verdict at all: the object's own headers decide.
    let verdicts = receipt.dmarc_verdict.as_ref().map(|_| Verdicts {
        dmarc: verdict(receipt.dmarc_verdict.as_ref()),
        dkim_aligned: Verdict::Unknown,
        spam: verdict(receipt.spam_verdict.as_ref()),
        virus: verdict(receipt.virus_verdict.as_ref()),
    });
    Ok(Incoming { bucket, key, verdicts })
}

/// GRAY, PROCESSING_FAILED, DISABLED and words that SES may add later prove nothing.
fn verdict(status: Option<&Status>) -> Verdict {
    match status.and_then(|s| s.status.as_deref()) {
        Some("PASS") => Verdict::Pass,
        Some("FAIL") => Verdict::Fail,
        Some("GRAY") => Verdict::None,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = r#"{"notificationType":"Received","receipt":{"spamVerdict":{"status":"PASS"},"dmarcVerdict":{"status":"PASS"},
        "dmarcPolicy":{"status":"none"},"action":{"type":"S3","topicArn":"t","bucketName":"b","objectKey":"in/k1"}},"mail":{}}"#;

    #[test]
    fn the_raw_notification_and_the_envelope_name_the_same_object() {
        let raw = read(RAW).unwrap();
        assert_eq!((raw.bucket.as_deref(), raw.key.as_str()), (Some("b"), "in/k1"));
        assert_eq!(raw.verdicts.map(|v| v.dmarc), Some(Verdict::Pass));
        let envelope = serde_json::json!({"Type": "Notification", "Message": RAW}).to_string();
        assert_eq!(read(&envelope), Ok(raw));
    }

    #[test]
    fn the_records_of_an_event_are_its_ids_and_bodies() {
        let event =
            serde_json::json!({"Records": [{"messageId": "m1", "body": "b", "attributes": {}}, {"messageId": "m2", "body": 17}, "x"]});
        let records = records(&event.to_string()).unwrap();
        assert_eq!(records, [("m1".into(), Some("b".into())), ("m2".into(), None), (String::new(), None)]);
        for none in ["null", "17", "{}", r#"{"Records":{}}"#, r#"["Records"]"#, "not json"] {
            assert_eq!(super::records(none), Err(EventError::NoRecords), "{none}");
        }
    }

    #[test]
    fn what_can_never_work_says_why() {
        assert!(matches!(read("not json"), Err(EventError::NotANotification(_))));
        assert!(matches!(read("{}"), Err(EventError::NotANotification(_))));
        assert!(matches!(read(r#"{"receipt":{"action":{"type":"Lambda"}}}"#), Err(EventError::NoObject(k)) if k == "Lambda"));
        assert!(matches!(read(&"x".repeat(BODY_MAX + 1)), Err(EventError::TooLarge(_))));
    }

    #[test]
    fn a_verdict_that_is_missing_or_new_proves_nothing() {
        let body = |v: &str| format!(r#"{{"receipt":{{"dmarcVerdict":{v},"action":{{"objectKey":"k"}}}}}}"#);
        for word in [r#"{"status":"SOMETHING"}"#, r#"{"status":"DISABLED"}"#, "{}"] {
            assert_eq!(read(&body(word)).unwrap().verdicts.map(|v| v.dmarc), Some(Verdict::Unknown), "{word}");
        }
        assert_eq!(read(r#"{"receipt":{"action":{"objectKey":"k"}}}"#).unwrap().verdicts, None);
    }
}
