//! The Regions that a mail names, by code or by AWS's name for it, in order of appearance.

use crate::ids::Region;

/// Regions kept of one mail; there are some forty.
pub(super) const MAX_REGIONS: usize = 50;

/// AWS's names: the area in front of the parentheses decides between equal places, the place is what stands inside.
const NAMES: &[(&str, &str, &str)] = &[
    ("us east", "n. virginia", "us-east-1"),
    ("us east", "northern virginia", "us-east-1"),
    ("us east", "virginia", "us-east-1"),
    ("us east", "ohio", "us-east-2"),
    ("us west", "n. california", "us-west-1"),
    ("us west", "northern california", "us-west-1"),
    ("us west", "oregon", "us-west-2"),
    ("africa", "cape town", "af-south-1"),
    ("asia pacific", "hong kong", "ap-east-1"),
    ("asia pacific", "taipei", "ap-east-2"),
    ("asia pacific", "tokyo", "ap-northeast-1"),
    ("asia pacific", "seoul", "ap-northeast-2"),
    ("asia pacific", "osaka", "ap-northeast-3"),
    ("asia pacific", "mumbai", "ap-south-1"),
    ("asia pacific", "hyderabad", "ap-south-2"),
    ("asia pacific", "singapore", "ap-southeast-1"),
    ("asia pacific", "sydney", "ap-southeast-2"),
    ("asia pacific", "jakarta", "ap-southeast-3"),
    ("asia pacific", "melbourne", "ap-southeast-4"),
    ("asia pacific", "malaysia", "ap-southeast-5"),
    ("asia pacific", "new zealand", "ap-southeast-6"),
    ("asia pacific", "thailand", "ap-southeast-7"),
    ("canada", "central", "ca-central-1"),
    ("canada west", "calgary", "ca-west-1"),
    ("canada", "calgary", "ca-west-1"),
    ("china", "beijing", "cn-north-1"),
    ("china", "ningxia", "cn-northwest-1"),
    ("europe", "frankfurt", "eu-central-1"),
    ("europe", "zurich", "eu-central-2"),
    ("europe", "stockholm", "eu-north-1"),
    ("europe", "milan", "eu-south-1"),
    ("europe", "spain", "eu-south-2"),
    ("europe", "ireland", "eu-west-1"),
    ("europe", "london", "eu-west-2"),
    ("europe", "paris", "eu-west-3"),
    ("israel", "tel aviv", "il-central-1"),
    ("middle east", "uae", "me-central-1"),
    ("middle east", "bahrain", "me-south-1"),
    ("mexico", "central", "mx-central-1"),
    ("south america", "sao paulo", "sa-east-1"),
    ("south america", "são paulo", "sa-east-1"),
    ("aws govcloud", "us-east", "us-gov-east-1"),
    ("aws govcloud", "us-west", "us-gov-west-1"),
    ("govcloud", "us-east", "us-gov-east-1"),
    ("govcloud", "us-west", "us-gov-west-1"),
];
/// Places that need their area: "the UAE Region" and "the central region" may be anything.
const NEED_AREA: &[&str] = &["central", "uae", "us-east", "us-west"];

/// Longest word that is read, in bytes: longer ones are links and tokens.
const WORD_MAX: usize = 300;

/// The Regions of a text below its subject, each once.
pub(super) fn find(subject: &str, text: &str) -> Vec<Region> {
    let mut lower = String::with_capacity(subject.len() + 2 + text.len());
    for part in [subject, if subject.is_empty() { "" } else { "\n\n" }, text] {
        lower.push_str(part);
    }
    lower.make_ascii_lowercase();
    let mut found: Vec<(usize, Region)> =
        codes(&lower, b'-').chain(codes(&lower, b'_')).chain(named(&lower)).chain(japanese(&lower)).collect();
    found.sort();
    let mut regions: Vec<Region> = Vec::new();
    for (_, region) in found {
        if regions.len() < MAX_REGIONS && !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

/// The codes in a text. Every code has a dash (an underscore in lists of the Service Quotas: `EU_WEST_1`), and few other words have one.
fn codes(lower: &str, dash: u8) -> impl Iterator<Item = (usize, Region)> {
    let bytes = lower.as_bytes();
    let part = move |b: &u8| b.is_ascii_alphanumeric() || *b == dash;
    let (mut done, mut previous) = (0, "");
    memchr::memchr_iter(dash, bytes).filter_map(move |dash| {
        if dash < done {
            return None;
        }
        let start = dash - bytes[done..dash].iter().rev().take_while(|b| part(b)).count();
        let end = dash + bytes[dash..].iter().take_while(|b| part(b)).count();
        done = end;
        let word = &lower[start..end];
        // A mail that quotes itself says the same one again and again.
        let region = if word == previous { None } else { code_of(word) }.filter(|_| !in_link(lower, start))?;
        previous = word;
        Some((start, region))
    })
}

/// Whether a place is inside a link: the Region of a console link or an API's host is where AWS serves the page, not what the mail
/// is about.
fn in_link(text: &str, at: usize) -> bool {
    let before = &text[text.ceil_char_boundary(at.saturating_sub(WORD_MAX))..at];
    let start = at - before.len() + before.rfind(char::is_whitespace).unwrap_or_default();
    let behind = &text[start..text.floor_char_boundary(at + WORD_MAX)];
    let word = behind.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    word.len() >= WORD_MAX || word.contains("://")
}

/// A Region's code, or that of an Availability Zone in it (`eu-west-1a`).
fn code_of(word: &str) -> Option<Region> {
    if !(8..=20).contains(&word.len()) {
        return None;
    }
    let with_dashes = word.contains('_').then(|| word.replace('_', "-"));
    let word = with_dashes.as_deref().unwrap_or(word);
    Region::parse(word).or_else(|| word.strip_suffix(|c: char| c.is_ascii_lowercase()).and_then(Region::parse))
}

/// "Europe (Stockholm)", wrapped or not, and "Stockholm Region".
fn named(lower: &str) -> Vec<(usize, Region)> {
    let mut found = Vec::new();
    for open in memchr::memchr_iter(b'(', lower.as_bytes()) {
        let inside = &lower[open + 1..];
        let Some(close) = inside.char_indices().take(40).find(|(_, c)| *c == ')').map(|(n, _)| n) else { continue };
        let place = inside[..close].split_whitespace().collect::<Vec<_>>().join(" ");
        // AWS's lists put it into brackets: "[EU (Frankfurt)]: EC2 Instances".
        let words = lower[..open].split_whitespace().rev().take(3);
        let before: Vec<&str> = words.map(|word| word.trim_start_matches(|c: char| !c.is_alphanumeric())).collect();
        let area = before.into_iter().rev().collect::<Vec<_>>().join(" ");
        let fits = |a: &str| area.ends_with(a) || (a == "europe" && area.split(' ').next_back() == Some("eu"));
        let code = NAMES.iter().find(|(a, p, _)| *p == place && fits(a)).map(|(_, _, code)| *code);
        found.extend(code.and_then(Region::parse).map(|region| (open, region)));
    }
    for at in memchr::memmem::find_iter(lower.as_bytes(), " region") {
        if let Some(behind) = lower[at + " region".len()..].strip_prefix(": ") {
            found.extend(listed(behind).map(|region| (at, region)));
        }
        let mut words = lower[..at].split_whitespace().rev();
        let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_here = |place: &str| place == last || place.strip_suffix(last).and_then(|rest| rest.strip_suffix(' ')) == Some(before);
        let code = NAMES.iter().find(|(_, p, _)| is_here(p) && !NEED_AREA.contains(p));
        found.extend(code.and_then(|(_, _, code)| Region::parse(code)).map(|region| (at, region)));
    }
    found
}

/// The place behind "Region: ".
fn listed(behind: &str) -> Option<Region> {
    let mut words = behind.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let bare = |word: &str| word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let (one, both) = (bare(first), bare(&format!("{first} {second}")));
    let code = NAMES.iter().find(|(_, p, _)| !NEED_AREA.contains(p) && (*p == one || *p == both));
    code.and_then(|(_, _, code)| Region::parse(code))
}

/// AWS's names of Regions in Japanese: "アジアパシフィック (東京)", "東京リージョン".
const JAPANESE: &[(&str, &str)] = &[
    ("東京", "ap-northeast-1"),
    ("大阪", "ap-northeast-3"),
    ("ソウル", "ap-northeast-2"),
    ("シンガポール", "ap-southeast-1"),
    ("シドニー", "ap-southeast-2"),
    ("ムンバイ", "ap-south-1"),
    ("バージニア北部", "us-east-1"),
    ("オハイオ", "us-east-2"),
    ("オレゴン", "us-west-2"),
    ("北カリフォルニア", "us-west-1"),
    ("フランクフルト", "eu-central-1"),
    ("アイルランド", "eu-west-1"),
    ("ロンドン", "eu-west-2"),
    ("パリ", "eu-west-3"),
    ("ストックホルム", "eu-north-1"),
];

fn japanese(lower: &str) -> Vec<(usize, Region)> {
    let mut found = Vec::new();
    // All of its words have letters that begin with these bytes, and most mail has none.
    if memchr::memchr2(0xE3, 0xE6, lower.as_bytes()).is_none() {
        return found;
    }
    for (name, code) in JAPANESE {
        for (at, _) in lower.match_indices(name) {
            let (before, behind) = (&lower[..at], &lower[at + name.len()..]);
            let inside = before.ends_with(['(', '（']) && behind.starts_with([')', '）']);
            if inside || behind.trim_start().starts_with("リージョン") {
                found.extend(Region::parse(code).map(|region| (at, region)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        find("", text).iter().map(Region::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn codes_and_names_in_order_of_appearance() {
        assert_eq!(
            of("in Europe (Stockholm), us-east-1 and the Asia Pacific\n(Tokyo) Region, EU-NORTH-1 again"),
            "eu-north-1 us-east-1 ap-northeast-1"
        );
        assert_eq!(
            of("EU (Ireland); US East (N. Virginia). South America (São Paulo), AWS GovCloud (US-West)"),
            "eu-west-1 us-east-1 sa-east-1 us-gov-west-1"
        );
        assert_eq!(of("takes effect in the Ireland region and the N. Virginia Region"), "eu-west-1 us-east-1");
        assert_eq!(of("zone eu-west-1a, arn:aws:ec2:ap-south-2:1:x"), "eu-west-1 ap-south-2");
        assert_eq!(of("Canada (Central), Mexico (Central)"), "ca-central-1 mx-central-1");
        assert_eq!(of("[EU (Frankfurt)]: EC2 Instances; *US East (Northern Virginia)*"), "eu-central-1 us-east-1");
        assert_eq!(of("[EU_WEST_1]: Elastic IPs, US_EAST_2"), "eu-west-1 us-east-2");
        assert_eq!(of("AWS Region: Frankfurt, Region: N. Virginia. Region: none"), "eu-central-1 us-east-1");
        assert_eq!(
            of("アジアパシフィック (東京)、米国東部（バージニア北部）、大阪リージョン、大阪支店"),
            "ap-northeast-1 us-east-1 ap-northeast-3"
        );
    }

    #[test]
    fn links_and_other_words_name_none() {
        assert_eq!(of("https://eu-west-1.console.aws.amazon.com/?region=eu-west-1 up-to-date follow-up (Tokyo) central region"), "");
    }

    #[test]
    fn every_name_has_a_code_that_is_one() {
        for (_, name, code) in NAMES {
            assert!(Region::parse(code).is_some(), "{name}");
        }
    }
}
