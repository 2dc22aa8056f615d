//! One short line for a telephone: the GSM 7-bit alphabet only, so that one message is one message.

use domain::text::one_line;

/// Septets of one SMS.
pub const SMS_MAX: usize = 160;

/// The basic alphabet of GSM 03.38 without its line breaks and its escape: one septet each.
const BASIC: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: an escape and a septet.
const EXTENDED: &str = "^{}\\[~]|€";
/// Where something is missing.
const MORE: &str = "...";

/// The septets of a text; `None` if a character is not in the alphabet, or breaks the line.
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(weight).sum()
}

fn weight(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// The subject without its brackets (they count twice), and what to do.
pub(super) fn line(subject: &str, to_do: &str) -> String {
    let subject = subject.strip_prefix("[port25] ").unwrap_or(subject);
    sms(&format!("port25 {subject}: {to_do}"))
}

/// As much of a text as one SMS takes, on one line, what it has no character for as `?`.
fn sms(text: &str) -> String {
    let text: String = one_line(text).chars().map(|c| if weight(c).is_some() { c } else { '?' }).collect();
    if septets(&text).is_some_and(|n| n <= SMS_MAX) {
        return text;
    }
    let mut used = MORE.len();
    let fits = |c: &char| {
        used += weight(*c).unwrap_or(0);
        used <= SMS_MAX
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.truncate(short.trim_end().len());
    short.push_str(MORE);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sms_is_one_line_of_the_alphabet_and_cut_visibly() {
        assert_eq!(sms("a\r\nb\u{202E}c 日 é€"), "a bc ? é€");
        assert_eq!(septets("é€"), Some(3));
        assert_eq!((septets("日"), septets("a\nb")), (None, None));
        let exact = "x".repeat(SMS_MAX);
        assert_eq!(sms(&exact), exact);
        assert_eq!(sms(&"x".repeat(SMS_MAX + 1)), format!("{}...", "x".repeat(SMS_MAX - 3)));
        let brackets = sms(&"[".repeat(81));
        assert_eq!((brackets.chars().count(), septets(&brackets)), (78 + 3, Some(159)));
        // 128 without line feed, carriage return and the escape.
        assert_eq!((BASIC.chars().count(), EXTENDED.chars().count()), (125, 9));
    }
}
