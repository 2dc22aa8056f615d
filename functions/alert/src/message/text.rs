//! The text: what to do, why now, AWS's words, the facts, what holds back and what comes next, how far it is believed, a draft.

use domain::text::cut;

use super::telling::Telling;

/// The longest text, in bytes: what AWS wrote and the draft are far shorter, and all forms together must fit into one message.
const BODY_MAX: usize = 16 * 1024;

/// The text of an alert about a request.
pub(super) fn text(telling: &Telling) -> String {
    let mut parts: Vec<String> = vec![telling.to_do.clone(), telling.why.join("\n")];
    if let Some(quote) = &telling.quote {
        parts.push(format!("{}\n{}", quote.head, indented(&quote.text, "> ")));
    }
    parts.push(telling.facts.join("\n"));
    parts.push(telling.after.join("\n"));
    if let Some(draft) = &telling.draft {
        parts.push(draft.head.clone());
        parts.push(indented(&draft.text, "    "));
    }
    body(&parts)
}

/// Parts with an empty line between them.
pub(super) fn body(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut body = cut(&parts.join("\n\n"), BODY_MAX - 1);
    body.push('\n');
    body
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// At most `most` of the lines, and how many more there are.
pub(super) fn listed(lines: Vec<String>, most: usize, more: impl Fn(usize) -> String) -> String {
    let count = lines.len();
    let mut shown: Vec<String> = lines.into_iter().take(most).collect();
    if count > most {
        shown.push(more(count - most));
    }
    shown.join("\n")
}
