//! All forms of a message in one, as SNS wants them (`MessageStructure=json`): which protocol gets which.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::text::cut;

use super::Message;

/// The longest envelope, in bytes. SNS takes 256 KB with the subject and the attributes; these are far shorter than the rest of it.
pub const ENVELOPE_MAX: usize = 230 * 1024;

/// Protocols of people, besides SMS.
const TEXT: [&str; 2] = ["email", "email-json"];
/// Protocols of programs.
const JSON: [&str; 4] = ["http", "https", "lambda", "sqs"];

/// The forms by protocol, as one JSON object of texts.
///
/// What has no form of its own gets `default`: the text. In a long message (a digest of hundreds) the JSON is there once, as
/// `default`, because four copies of it would not fit: e-mail and SMS keep theirs.
pub fn envelope(message: &Message) -> String {
    let forms = |text: &str, shared: bool| {
        let mut forms: BTreeMap<&str, Cow<'_, str>> = BTreeMap::new();
        forms.insert("default", Cow::Owned(if shared { message.json.clone() } else { text.to_owned() }));
        forms.insert("sms", Cow::Borrowed(message.sms.as_str()));
        forms.extend(TEXT.map(|protocol| (protocol, Cow::Owned(text.to_owned()))));
        if !shared {
            forms.extend(JSON.map(|protocol| (protocol, Cow::Borrowed(message.json.as_str()))));
        }
        // Texts under names: there is nothing in it that JSON cannot say.
        serde_json::to_string(&forms).unwrap_or_default()
    };
    let whole = forms(&message.body, false);
    if whole.len() <= ENVELOPE_MAX {
        return whole;
    }
    let shared = forms(&message.body, true);
    if shared.len() <= ENVELOPE_MAX {
        return shared;
    }
    // Only if a message grows beyond what `docs/ALERTS.md` says: the text is cut, the identities in the JSON stay.
    forms(&cut(&message.body, 2 * 1024), true)
}
