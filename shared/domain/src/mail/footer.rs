//! AWS's boilerplate below an answer: how to reach the case again, the survey, what the mailbox is. It asks many things, and none of them
//! is about the request.

/// What its lines begin with, in lower case. None of them begins a sentence of an answer.
const BEGINNINGS: [&str; 17] = [
    "to contact us again",
    "to share your experience",
    "to respond to this case",
    "to reply or to look at",
    "to view and reply to this case",
    "to view the case",
    "to add a reply",
    "to see the file named",
    "we value your feedback",
    "case link:",
    "how did i do?",
    "how did we do?",
    "did this correspondence help",
    "did this answer help",
    "was this message helpful",
    "this mailbox is not monitored",
    "this mailbox isn't monitored",
];

/// Whether a line begins the boilerplate.
pub(crate) fn begins(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '*', '(', '\u{a0}']);
    // Most lines begin with no letter of theirs.
    line.bytes().next().is_some_and(|first| b"twdch".contains(&first.to_ascii_lowercase()))
        && BEGINNINGS.iter().any(|beginning| line.get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning)))
}

/// Where the boilerplate of a text begins, in bytes; the text's end where it has none.
pub(crate) fn start(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if begins(line) {
            return at;
        }
        at += line.len();
    }
    at
}

/// A text without its boilerplate: what somebody wrote. A text that is nothing else stays whole.
pub(crate) fn without(text: &str) -> &str {
    let said = text[..start(text)].trim_end();
    if said.is_empty() { text } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boilerplate_begins_with_its_first_line() {
        let text = "We have it.\nTo contact you again we need a number.\n\n *To contact us again about this case, use the link:\nhttps://x.example\n";
        assert_eq!(&text[start(text)..], " *To contact us again about this case, use the link:\nhttps://x.example\n");
        for beginning in BEGINNINGS {
            assert!(begins(&beginning.to_uppercase()), "{beginning}");
        }
        assert_eq!(without(text), "We have it.\nTo contact you again we need a number.");
        assert_eq!(without("We value your feedback."), "We value your feedback.");
        for plain in ["", "\n", "What do you send?", "we value your feedbac"] {
            assert_eq!(start(plain), plain.len(), "{plain}");
        }
    }
}
