//! The Regions that a mail names, by code or by AWS's name for it, in order of appearance.

use crate::ids::Region;

/// Regions kept of one mail; there are some forty.
const MAX_REGIONS: usize = 50;

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

/// The Regions of a text, each once.
pub(super) fn find(text: &str) -> Vec<Region> {
    let lower = text.to_lowercase();
    let mut found: Vec<(usize, Region)> = Vec::new();
    let mut at = 0;
    for word in lower.split(char::is_whitespace) {
        let begin = at;
        at += word.len() + lower[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        // Every code has a dash; most words have none.
        if word.len() > 300 || !word.contains('-') {
            continue;
        }
        let mut offset = begin;
        for piece in word.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
            let code = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            // The Region of a console link or an API's host is where AWS serves the page, not what the mail is about.
            found.extend(code_of(code).filter(|_| !word.contains("://")).map(|region| (offset, region)));
            offset += piece.len();
        }
    }
    found.extend(named(&lower));
    found.sort();
    let mut regions: Vec<Region> = Vec::new();
    for (_, region) in found {
        if regions.len() < MAX_REGIONS && !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

/// A Region's code, or that of an Availability Zone in it (`eu-west-1a`).
fn code_of(word: &str) -> Option<Region> {
    if !(8..=20).contains(&word.len()) {
        return None;
    }
    Region::parse(word).or_else(|| word.strip_suffix(|c: char| c.is_ascii_lowercase()).and_then(Region::parse))
}

/// "Europe (Stockholm)", wrapped or not, and "Stockholm Region".
fn named(lower: &str) -> Vec<(usize, Region)> {
    let mut found = Vec::new();
    for (open, _) in lower.match_indices('(') {
        let inside = &lower[open + 1..];
        let Some(close) = inside.char_indices().take(40).find(|(_, c)| *c == ')').map(|(n, _)| n) else { continue };
        let place = inside[..close].split_whitespace().collect::<Vec<_>>().join(" ");
        let before: Vec<&str> = lower[..open].split_whitespace().rev().take(3).collect();
        let area = before.into_iter().rev().collect::<Vec<_>>().join(" ");
        let fits = |a: &str| area.ends_with(a) || (a == "europe" && area.split(' ').next_back() == Some("eu"));
        let code = NAMES.iter().find(|(a, p, _)| *p == place && fits(a)).map(|(_, _, code)| *code);
        found.extend(code.and_then(Region::parse).map(|region| (open, region)));
    }
    for (at, _) in lower.match_indices(" region") {
        let words: Vec<&str> = lower[..at].split_whitespace().rev().take(2).collect();
        let last = words.first().copied().unwrap_or_default();
        let both = words.iter().rev().copied().collect::<Vec<_>>().join(" ");
        let code = NAMES.iter().find(|(_, p, _)| !NEED_AREA.contains(p) && (*p == last || *p == both));
        found.extend(code.and_then(|(_, _, code)| Region::parse(code)).map(|region| (at, region)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        find(text).iter().map(Region::as_str).collect::<Vec<_>>().join(" ")
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
