//! AWS's questions, found in the text of its mail, as headings to fill in. What is not found, the person sees in the mail.

use crate::text::{cut, one_line};

/// At most so many are kept.
pub const QUESTIONS_MAX: usize = 12;
/// Longest question, in bytes.
const QUESTION_MAX: usize = 300;
/// A line this long was probably broken by the mail program: the next one continues it.
const WRAPPED: usize = 60;

/// Words of a sentence that asks without a question mark.
const ASKS: [&str; 16] = [
    "please provide",
    "please describe",
    "please explain",
    "please tell",
    "please include",
    "please confirm",
    "please share",
    "please specify",
    "please clarify",
    "please send",
    "please let us know",
    "ください",
    "下さい",
    "でしょうか",
    "お願いいたします",
    "お願いします",
];
/// What looks like one of these and asks nothing.
const POLITE: [&str; 12] = [
    "do not hesitate",
    "don't hesitate",
    "if you have any",
    "feel free",
    "please note",
    "please visit",
    "contact us",
    "not reply to this",
    "お気軽に",
    "ご了承",
    "ご容赦",
    "よろしくお願い",
];
/// A longer line that begins so goes on with something else.
const CLOSING_MAX: usize = 50;
/// How a mail begins or ends, and lines that name something.
const CLOSING: [&str; 9] =
    ["kind regards", "best regards", "regards", "sincerely", "thank you", "thanks", "request id", "case id", "amazon web services"];
/// What a list of what is asked for is led in by.
const LEADS: [&str; 8] = ["following", "message with", "reply with", "provide", "information", "include", "answer", "以下"];

/// The questions of a text, in its order: sentences that ask, and the items of a list that such a sentence leads in.
pub fn questions(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut listing = false;
    for (line, marked) in paragraphs(text) {
        // Nothing is asked behind it, though it has lines with a colon and a link.
        if crate::mail::begins_footer(&line) {
            break;
        }
        let plain = line.to_lowercase();
        let closing = line.len() <= CLOSING_MAX && CLOSING.iter().any(|word| plain.starts_with(word));
        if closing || POLITE.iter().any(|word| plain.contains(word)) && listing {
            listing = false;
            continue;
        }
        if line.ends_with([':', '：']) && !marked {
            listing = LEADS.iter().any(|word| plain.contains(word));
            continue;
        }
        if listing || (marked && !found.is_empty() && plain.len() > 3) {
            add(&mut found, &line);
            continue;
        }
        for sentence in sentences(&line).into_iter().filter(|s| asks(s)) {
            add(&mut found, sentence);
        }
    }
    found.truncate(QUESTIONS_MAX);
    found
}

fn add(found: &mut Vec<String>, question: &str) {
    let question = cut(&one_line(question), QUESTION_MAX);
    if question.chars().any(char::is_alphanumeric) && !found.contains(&question) {
        found.push(question);
    }
}

fn asks(sentence: &str) -> bool {
    let plain = sentence.to_lowercase();
    let question = plain.ends_with(['?', '？']) || ASKS.iter().any(|ask| plain.contains(ask));
    question && !POLITE.iter().any(|word| plain.contains(word)) && !plain.ends_with([':', '：'])
}

/// The lines as they were written, broken ones joined, and whether each is a marked item of a list.
fn paragraphs(text: &str) -> Vec<(String, bool)> {
    let mut all: Vec<(String, bool)> = Vec::new();
    let mut open = false;
    for raw in text.lines() {
        let line = raw.trim();
        let (item, rest) = marker(line);
        // What is indented under an item continues it.
        open |= raw.starts_with(char::is_whitespace) && all.last().is_some_and(|(_, marked)| *marked);
        match all.last_mut().filter(|_| open && !item && !line.is_empty()) {
            Some((last, _)) => {
                if last.is_ascii() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            None if line.is_empty() => {}
            None => all.push((rest.to_owned(), item)),
        }
        open = !line.is_empty() && line.len() >= WRAPPED && !line.ends_with(['.', '?', '!', ':', '。', '？', '：']);
    }
    all
}

/// Whether a line is an item of a list, and what stands behind its mark: `- `, `• `, `1. `, `2) `, `(3) `, `a) `.
fn marker(line: &str) -> (bool, &str) {
    if let Some(rest) = line.strip_prefix(['-', '*', '•', '–', '・', '●', '■', '○']) {
        let spaced = rest.starts_with(char::is_whitespace) || line.starts_with(['・', '•', '●', '■', '○']);
        return if spaced { (true, rest.trim_start()) } else { (false, line) };
    }
    let inner = line.strip_prefix('(').unwrap_or(line);
    let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let label = if digits > 0 { digits } else { usize::from(inner.starts_with(|c: char| c.is_ascii_lowercase())) };
    let mark = inner.get(label..).and_then(|rest| rest.strip_prefix(if digits > 0 { &['.', ')'][..] } else { &[')'][..] }));
    match mark {
        Some(rest) if (1..=2).contains(&label) && rest.starts_with(char::is_whitespace) => (true, rest.trim_start()),
        _ => (false, line),
    }
}

/// Sentences end at a mark that white space follows, or at a Japanese one.
fn sentences(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut from = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let spaced = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(c, '。' | '？' | '！') || (matches!(c, '.' | '?' | '!') && spaced) {
            let end = at + c.len_utf8();
            all.push(line[from..end].trim());
            from = end;
        }
    }
    all.push(line[from..].trim());
    all.retain(|s| !s.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_lists_are_found_in_their_order() {
        let text = "Hello,\n\nThank you for your request. What kind of mail do you send? Please describe how you keep\n\
                    unwanted mail away.\n\nPlease reply directly to this message with:\n\n- the Elastic IPs\n- the reverse DNS\n  names\n\n\
                    If you have any questions, please let us know.\n\nKind regards,\nAmazon Web Services\n";
        let want = [
            "What kind of mail do you send?",
            "Please describe how you keep unwanted mail away.",
            "the Elastic IPs",
            "the reverse DNS names",
        ];
        assert_eq!(questions(text), want);
    }

    #[test]
    fn the_footer_asks_nothing() {
        let text = "Hello,\n\nplease confirm that the case may be closed.\n\nBest regards,\nAmazon Web Services\n\n===\nTo contact us again \
                    about this case, please return to the AWS Support Center using the following URL:\n\
                    https://console.aws.amazon.com/support/home#/case/?displayId=1\n\n(If you are not signed in, please sign in first.)\n";
        assert_eq!(questions(text), ["please confirm that the case may be closed."]);
    }

    #[test]
    fn a_list_without_marks_ends_where_the_mail_does() {
        let text = "We would like to gather more information about your use case.\n\nPlease reply directly to this message with:\n\n\
                    what kind of mail your instances send, and to whom\nhow you keep unwanted mail from leaving them\n\n\
                    Request ID: 172345678900123\n\nKind regards,\nAmazon Web Services";
        let want = ["what kind of mail your instances send, and to whom", "how you keep unwanted mail from leaving them"];
        assert_eq!(questions(text), want);
    }

    #[test]
    fn japanese_asks_too() {
        let text = "お客様\n\nポート 25 の制限について、利用目的の詳細をお知らせください。送信量はどのくらいでしょうか。\n\nよろしくお願いいたします。";
        assert_eq!(questions(text), ["ポート 25 の制限について、利用目的の詳細をお知らせください。", "送信量はどのくらいでしょうか。"]);
    }

    #[test]
    fn there_are_never_too_many_and_each_is_one_line() {
        let text = (0..40).map(|n| format!("{n}. What about {n} and {}?\n", "x".repeat(500))).collect::<String>();
        let found = questions(&format!("Please answer the following:\n{text}"));
        assert_eq!(found.len(), QUESTIONS_MAX);
        assert!(found.iter().all(|q| q.len() <= QUESTION_MAX && !q.contains('\n')));
        assert!(questions("").is_empty() && questions("Thank you. We are working on it.").is_empty());
    }
}
