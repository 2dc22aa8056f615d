//! Finding granted limits: numbers with their unit, as an approval states them.
//!
//! A number counts when it is a rate ("70,000 messages per day") or stands where a limit's new value stands ("increased to 256
//! vCPUs", "sending quota is 50,000"), and the words before it grant: what was asked for, and the value before, do not count.

use super::add;
use super::limit::{Limit, Period, amount};
use super::words::{Word, sentences, words};

/// Words that a unit has at most ("Elastic IP addresses").
const UNIT_WORDS: usize = 3;

/// Words that say that what follows is granted.
const GRANTS: &[&str] = &[
    "quota",
    "quotas",
    "limit",
    "limits",
    "rate",
    "allowance",
    "approved",
    "granted",
    "increased",
    "raised",
    "set",
    "now",
    "new",
    "can",
    "adjusted",
    "changed",
    "updated",
    "extended",
    "allowed",
    "able",
];
/// Words behind which a number is the old value, or what was only asked for.
const OTHER: &[&str] = &[
    "requested",
    "request",
    "asked",
    "wanted",
    "previous",
    "previously",
    "former",
    "formerly",
    "old",
    "current",
    "currently",
    "was",
    "were",
    "from",
    "default",
    "than",
    "exceed",
    "exceeds",
];
/// Words that void all that follows them, up to a "but".
const VOID: &[&str] = &[
    "if", "unless", "until", "once", "when", "would", "could", "should", "might", "may", "not", "cannot", "never", "unable", "below",
    "under",
];
/// Words directly before the new value.
const VALUE: &[&str] =
    &["to", "is", "are", "of", "at", "now", "value", "quota", "limit", "limits", "rate", "approved", "granted", "be", "for"];
/// What limits count.
const UNITS: &[&str] = &[
    "message",
    "messages",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "mail",
    "mails",
    "recipient",
    "recipients",
    "request",
    "requests",
    "transaction",
    "transactions",
    "connection",
    "connections",
    "vcpu",
    "vcpus",
    "cpu",
    "cpus",
    "instance",
    "instances",
    "address",
    "addresses",
    "ip",
    "ips",
    "eip",
    "eips",
    "gateway",
    "gateways",
    "vpc",
    "vpcs",
    "volume",
    "volumes",
    "gib",
    "gb",
    "tib",
    "tb",
    "execution",
    "executions",
    "function",
    "functions",
    "unit",
    "units",
    "rule",
    "rules",
    "bucket",
    "buckets",
    "topic",
    "topics",
    "queue",
    "queues",
    "usd",
    "dollars",
];
/// What may stand before them and belongs to them.
const OF_UNIT: &[&str] =
    &["elastic", "nat", "on-demand", "spot", "concurrent", "ip", "ipv4", "public", "outbound", "email", "sms", "running", "standard"];

/// How the words so far speak of a number that follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Of nothing that is known.
    None,
    /// As granted.
    Granted,
    /// As asked for, or as it was.
    Other,
    /// As something that is not so, or not yet.
    Void,
}

/// The limits of a text, each once, in order.
pub(super) fn find(text: &str, most: usize) -> Vec<Limit> {
    let mut found: Vec<Limit> = Vec::new();
    let mut heading = false;
    for sentence in sentences(text) {
        // Most sentences hold no number, and introduce none.
        if !sentence.text.ends_with(':') && !sentence.text.bytes().any(|b| b.is_ascii_digit()) {
            heading = false;
            continue;
        }
        let item = sentence.text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '*' | '•' | '·' | '+'));
        let (limits, grants) = of_sentence(sentence.text, heading && item);
        // The items of a list are what its heading says.
        heading = if sentence.text.ends_with(':') { grants } else { heading && item };
        for limit in limits {
            if !found.iter().any(|f| f.same(&limit)) {
                add(&mut found, limit, most);
            }
        }
        if found.len() == most {
            break;
        }
    }
    found
}

/// The limits of a sentence, and whether its words grant.
fn of_sentence(text: &str, heading: bool) -> (Vec<Limit>, bool) {
    let words: Vec<Word<'_>> = words(text).collect();
    let mut mood = if heading { Mood::Granted } else { Mood::None };
    // "A default limit of 10,000 messages per day applies": what an approval leaves.
    let applies = words.iter().any(|w| w.is_one_of(&["apply", "applies"])) && !words.iter().any(|w| w.is_one_of(&["longer", "not"]));
    let (mut limits, mut asked) = (Vec::new(), Vec::new());
    let (mut grants, mut daily, mut old) = (false, false, false);
    for (at, word) in words.iter().enumerate() {
        let Some((amount, per)) = amount_of(text, *word) else {
            daily |= word.is("daily");
            grants |= word.is_one_of(GRANTS);
            mood = if applies && word.is("default") && mood == Mood::None {
                Mood::Granted
            } else {
                after(mood, *word, words.get(at + 1), old)
            };
            old &= mood == Mood::Other;
            continue;
        };
        // "From 32 to 256": behind an old value, "to" begins the new one.
        old = mood == Mood::Other;
        if matches!(mood, Mood::Void | Mood::None) {
            continue;
        }
        let behind = &words[at + 1..];
        let (used, unit, rate) = unit(text, word.end(), behind);
        let per = per.or(rate).or_else(|| period(&behind[used..]));
        let led = at.checked_sub(1).is_some_and(|n| words[n].is_one_of(VALUE)) || text[..word.start].trim_end().ends_with([':', '=']);
        let counted = used > 0 || per.is_some() || ends(text, word.end(), behind);
        if (used > 0 && (per.is_some() || heading)) || (led && counted) {
            let per = per.or(if daily { Some(Period::Day) } else { None });
            if mood == Mood::Granted { &mut limits } else { &mut asked }.push(Limit { amount, unit, per });
        }
    }
    // "Your requested limit of 256 vCPUs was granted" names no other value.
    let done = words.iter().any(|w| w.is_one_of(&["approved", "granted", "increased", "raised"]));
    if limits.is_empty() && asked.len() == 1 && done && !words.iter().any(|w| w.is("from")) {
        limits = asked;
    }
    (limits, grants)
}

/// The mood behind a word; `old` says whether an old value has been named.
fn after(mood: Mood, word: Word<'_>, next: Option<&Word<'_>>, old: bool) -> Mood {
    let before = |words: &[&str]| next.is_some_and(|next| next.is_one_of(words));
    // "We would like to inform you", "you may now send".
    if (word.is("would") && before(&["like"])) || (word.is("may") && before(&["now", "send"])) {
        return if word.is("may") && mood != Mood::Void { Mood::Granted } else { mood };
    }
    if word.is_one_of(&["but", "however", "instead"]) {
        return Mood::None;
    }
    if mood == Mood::Void || word.is_one_of(VOID) || word.text.ends_with("n't") {
        return Mood::Void;
    }
    if word.is_one_of(OTHER) {
        return Mood::Other;
    }
    // "The previous limit" and "the quota you had" stay the other value until something is done to it.
    let names = word.is_one_of(&["quota", "quotas", "limit", "limits", "rate", "allowance"]);
    let grants = word.is_one_of(GRANTS) && !(names && mood == Mood::Other);
    if grants || (old && mood == Mood::Other && word.is("to")) { Mood::Granted } else { mood }
}

/// A number of its own: no part of a date, an address, a price, an id. "14/second" has its period with it.
fn amount_of(text: &str, word: Word<'_>) -> Option<(u64, Option<Period>)> {
    let before = text[..word.start].chars().next_back();
    if before.is_some_and(|c| matches!(c, '$' | '€' | '£' | '#' | '-' | '+' | '.' | '/')) || text[word.end()..].starts_with('%') {
        return None;
    }
    match word.text.split_once('/') {
        Some((number, per)) => Some((amount(number)?, Some(Period::of(per)?))),
        None => Some((amount(word.text)?, None)),
    }
}

/// The unit behind a number: how many words it has, what it is, and its period in "messages/second".
fn unit(text: &str, end: usize, behind: &[Word<'_>]) -> (usize, String, Option<Period>) {
    let (mut used, mut per, mut at) = (0, None, end);
    for (n, word) in behind.iter().take(UNIT_WORDS).enumerate() {
        if !text[at..word.start].trim().is_empty() {
            break;
        }
        at = word.end();
        let (name, rate) = word.text.split_once('/').map_or((word.text, None), |(name, rate)| (name, Period::of(rate)));
        let is = |list: &[&str]| list.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is(UNITS) {
            (used, per) = (n + 1, rate);
        } else if !is(OF_UNIT) {
            break;
        }
        if rate.is_some() {
            break;
        }
    }
    let words: Vec<&str> = behind[..used].iter().map(|w| w.text.split('/').next().unwrap_or_default()).collect();
    (used, words.join(" "), per)
}

/// "per day", "a day", "per 24-hour period", "in 24 hours", "daily".
fn period(behind: &[Word<'_>]) -> Option<Period> {
    let (first, rest) = behind.split_first()?;
    if first.is("daily") {
        return Some(Period::Day);
    }
    if !first.is_one_of(&["per", "a", "an", "each", "every", "in", "within"]) {
        return None;
    }
    let rest = if rest.first().is_some_and(|w| w.is_one_of(&["a", "any", "one", "each", "every"])) { &rest[1..] } else { rest };
    let (word, next) = (rest.first()?, rest.get(1));
    if word.is("24-hour") || word.is("24-hours") || (word.is("24") && next.is_some_and(|w| w.is_one_of(&["hours", "hour"]))) {
        return Some(Period::Day);
    }
    // "In a second step" is no rate.
    if first.is_one_of(&["in", "within"]) { None } else { Period::of(word.text) }
}

/// Whether nothing behind a number makes it a number of something else ("up to 48 hours").
fn ends(text: &str, end: usize, behind: &[Word<'_>]) -> bool {
    let rest = text[end..].trim_start_matches(['*', '"', '\'']);
    let goes_on = ["in", "for", "and", "with", "as", "effective", "across", "on", "per", "which", "from"];
    rest.is_empty() || rest.starts_with(['.', ',', ';', ')', '!', '\n', '\r']) || behind.first().is_none_or(|w| w.is_one_of(&goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text, 8).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn granted_limits_are_found_however_they_are_said() {
        for (text, limits) in [
            ("Your new sending quota is 70,000 messages per day.", vec!["70,000 messages per day"]),
            (
                "Your sending quota is 50,000 messages per day, and your maximum send rate is 14 messages per second.",
                vec!["50,000 messages per day", "14 messages per second"],
            ),
            ("Your sending quota is 50,000.", vec!["50,000"]),
            ("You can now send up to 1,000 messages\nper 24-hour period.", vec!["1,000 messages per day"]),
            (
                "You can now send 1000 emails in a 24 hours window and 5 emails every second.",
                vec!["1,000 emails per day", "5 emails per second"],
            ),
            ("The quota was increased to 256 vCPUs in eu-west-1.", vec!["256 vCPUs"]),
            ("We increased the limit from 32 vCPUs to 256 vCPUs.", vec!["256 vCPUs"]),
            ("We increased the limit from 32 to 256 vCPUs.", vec!["256 vCPUs"]),
            ("New limit: 20 Elastic IP addresses", vec!["20 Elastic IP addresses"]),
            ("New quota value = 64, effective now.", vec!["64"]),
            (
                "These are your new limits:\n- 50,000 messages per day\n- 14 messages/second\n- send rate: 15/second\n\nWrite 3 emails per day.",
                vec!["50,000 messages per day", "14 messages per second", "15 per second"],
            ),
            ("Your daily sending quota is now 50,000 emails.", vec!["50,000 emails per day"]),
            ("You requested 500 vCPUs, and we have approved 256 vCPUs.", vec!["256 vCPUs"]),
            ("You requested 500 vCPUs. We have raised your quota to 256 vCPUs.", vec!["256 vCPUs"]),
            ("Your request for an increase to 256 vCPUs has been approved.", vec!["256 vCPUs"]),
            ("We could not grant 100,000 messages per day but have approved 50,000 messages per day.", vec!["50,000 messages per day"]),
            ("I would like to inform you that your quota was increased from 5 to 20 instances.", vec!["20 instances"]),
            ("You may now send 50,000 messages per day.", vec!["50,000 messages per day"]),
            ("limit set to 5 vCPUs. limit set to 5 vcpus.", vec!["5 vCPUs"]),
            ("We have increased your limit to 300 USD per month in the US East (N. Virginia) region.", vec!["300 USD per month"]),
            ("To help you ramp up, a default limit of 10,000 messages per day applies at first.", vec!["10,000 messages per day"]),
            (
                "You're able to send up to 200,000 emails in 24 hours at a rate of 50 per second.",
                vec!["200,000 emails per day", "50 per second"],
            ),
        ] {
            assert_eq!(found(text), limits, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "We have granted your request for port 25.",
            "The new limit can take up to 30 minutes.",
            "It takes up to 48 hours. Your case is 172345678900123, your account 111122223333.",
            "If your quota is 50,000 messages per day, you can write again.",
            "You requested 100,000 messages per day.",
            "Your previous quota was 200 messages per day.",
            "The limit was increased from 32 vCPUs.",
            "Keep complaints below 5 messages per day.",
            "We approved it on 20 November 2026 at 10:02 for $50 and 5%.",
            "Until your quota is 50,000 messages per day, write to us.",
            "The limit is set to 1.5 for 203.0.113.5 and 2026-11-20.",
            "The quota is 0 messages per day, of 99999999999 messages per day.",
            "We send 3 emails per day.",
            "The default limit of 200 messages per day no longer applies.",
            "Your default limit of 200 messages per day is gone.",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
