//! What comes out of the queue: an SQS event, and an SNS envelope or a notification as its body.

use crate::event;

#[test]
fn event_body() {
    bolero::check!().with_max_len(crate::MAX_LEN).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(incoming) = event::read(&text) {
            assert!(!incoming.key.is_empty());
            // The same inside an envelope is the same.
            let envelope = serde_json::json!({ "Type": "Notification", "Message": &*text }).to_string();
            let is_envelope = serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|v| v["Message"].is_string());
            assert!(is_envelope || event::read(&envelope) == Ok(incoming));
        }
        let event = serde_json::json!({ "Records": [{ "messageId": "m", "body": &*text }] }).to_string();
        assert_eq!(event::records(&event), Ok(vec![("m".to_owned(), Some(text.into_owned()))]));
        // What is no event is an error or has odd records, and never a panic.
        let _ = event::records(&String::from_utf8_lossy(bytes));
    });
}
