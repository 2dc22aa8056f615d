//! Mails of a scenario that are given by what they mean: written in the words of AWS's real mail.

use domain::classify::Meaning;
use jiff::Timestamp;

use super::scenario::What;
use crate::demo::OWN_ADDRESS;

/// What can be said, with the words for it.
const WORDS: [(Meaning, &str); 7] = [
    (Meaning::Received, "We have received your request to remove the port 25 email sending limitations."),
    (Meaning::Progress, "We are still working on this with the service team and will get back to you."),
    (Meaning::Question, "Please reply directly to this message with a detailed description of your use case."),
    (Meaning::Unclear, "The weather is fine in Seattle."),
    (Meaning::Approved, "We have granted your request."),
    (Meaning::Denied, "We are unable to grant your request at this time."),
    (Meaning::Ours, "Here is what you asked for."),
];

/// AWS's words, or ours, for what a mail can mean; `None` for what no mail says.
pub fn words(says: Meaning) -> Option<&'static str> {
    WORDS.iter().find(|(meaning, _)| *meaning == says).map(|(_, words)| *words)
}

/// What can be said, for messages.
pub(super) fn known() -> String {
    WORDS.map(|(meaning, _)| meaning.as_str()).join(", ")
}

/// The mail; `n` makes its Message-ID. `None` for what no mail of this kind can mean.
pub(super) fn write(what: &What, n: usize, at: Timestamp) -> Option<Vec<u8>> {
    let What::Says { says, request, forged, text } = what else { return None };
    let words = text.as_deref().or_else(|| words(*says))?;
    let ours = *says == Meaning::Ours;
    let aws = "aws-automation@email.amazon.com";
    let (from, to, cc) =
        if ours { (OWN_ADDRESS, aws, "Cc: port25@track.corp.example\r\n") } else { (aws, "port25@track.corp.example", "") };
    let dmarc = if *forged { "fail" } else { "pass" };
    let domain = from.rsplit('@').next().unwrap_or_default();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&at).ok()?;
    // The first mail of a request has the name that the others answer.
    let thread = format!("<first.{request}@simulated.example>");
    let own = if *says == Meaning::Received && !forged { thread.clone() } else { format!("<{n}.{request}@simulated.example>") };
    Some(
        format!(
            "Authentication-Results: amazonses.com; dmarc={dmarc} header.from={domain}\r\nFrom: {from}\r\nTo: {to}\r\n{cc}\
             Subject: Your request to remove email sending limitations\r\nDate: {date}\r\nMessage-ID: {own}\r\nReferences: {thread}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n\r\nRequest ID: {request}\r\n"
        )
        .into_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ingest::{Delivery, Origin, Signatures, file::judge};

    #[test]
    fn every_mail_is_read_as_what_it_is_to_mean() {
        let policy = domain::policy::Policy { own_addresses: [OWN_ADDRESS.to_owned()].into(), ..Default::default() };
        for (says, _) in WORDS {
            let what = What::Says { says, request: "170000000000001".to_owned(), forged: false, text: None };
            let bytes = write(&what, 1, "2026-11-20T10:00:00Z".parse().unwrap()).unwrap();
            let delivery = Delivery {
                object: "o",
                bytes: &bytes,
                truncated: false,
                verdicts: None,
                origin: Origin::ByHand,
                signatures: Signatures::default(),
            };
            let reading = judge(&delivery, &policy).reading;
            assert_eq!(
                (reading.meaning, reading.own_id.map(|own| own.id.to_string()).as_deref()),
                (says, (says != Meaning::Ours).then_some("170000000000001"))
            );
        }
    }
}
