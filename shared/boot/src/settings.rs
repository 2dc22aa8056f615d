//! Configuration: read once, from a lookup, and refused at the start with the name of what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use domain::classify::Family;
use domain::ids::AccountId;
use domain::policy::{Language, Policy, Whose};
use domain::window::{WINDOW_WANTS, Window};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

/// What is wrong with the configuration. The message names the setting and says what it takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// It must be set.
    #[error("{name} is not set: {wants}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// What it takes.
        wants: &'static str,
    },
    /// Its value cannot be used.
    #[error("{name} is {value:?}: {wants}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What it says.
        value: String,
        /// What it takes.
        wants: &'static str,
    },
}

/// The longest deadline or repeat, in hours: a year.
const HOURS_MAX: i64 = 24 * 366;

/// A setting that must be there.
///
/// # Errors
/// When it is not.
pub fn required(lookup: impl Fn(&str) -> Option<String>, name: &'static str, wants: &'static str) -> Result<String, SettingError> {
    lookup(name).ok_or(SettingError::Missing { name, wants })
}

/// The policy that the settings give; every one of them has a default.
///
/// # Errors
/// When a setting has a value that cannot be used.
pub fn policy(lookup: impl Fn(&str) -> Option<String>) -> Result<Policy, SettingError> {
    let mut policy = Policy::default();
    policy.aws_addresses.extend(addresses(&lookup, "AWS_ADDRESSES", false)?);
    policy.own_addresses = addresses(&lookup, "OWN_ADDRESSES", true)?;
    policy.forwarders = addresses(&lookup, "FORWARDING_MAILBOXES", false)?;
    policy.trusted_results = hosts(&lookup, "TRUSTED_RESULTS")?;
    policy.accounts = list(&lookup, "ACCOUNTS", "a list of 12-digit account ids, separated by commas", AccountId::parse)?;
    policy.aliases = aliases(&lookup)?;
    policy.deadline = hours(&lookup, "DEADLINE_HOURS")?.unwrap_or(policy.deadline);
    policy.deadlines = deadlines(&lookup)?;
    policy.repeat = hours(&lookup, "REPEAT_HOURS")?.unwrap_or(policy.repeat);
    policy.reply_from = reply_from(&lookup)?;
    policy.tracker = in_order(&lookup, "MAIL_ADDRESSES", ADDRESSES_WANTS)?.into_iter().next();
    policy.language = language(&lookup);
    Ok(policy)
}

/// Whether API Gateway authorises callers by IAM (`API_ACCESS=iam`), and not we by tokens (`tokens`, the default).
///
/// # Errors
/// When it says something else.
pub fn by_iam(lookup: impl Fn(&str) -> Option<String>) -> Result<bool, SettingError> {
    match lookup("API_ACCESS").as_deref() {
        None | Some("tokens") => Ok(false),
        Some("iam") => Ok(true),
        Some(value) => Err(SettingError::Wrong { name: "API_ACCESS", value: value.to_owned(), wants: "tokens or iam" }),
    }
}

/// Where mail to the tracker goes, as people must write it into AWS's forms: `MAIL_ADDRESSES`, joined; `None` when it is not set.
///
/// # Errors
/// When it has a value that is no list of addresses.
pub fn mail_to(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<String>, SettingError> {
    let addresses = addresses(lookup, "MAIL_ADDRESSES", false)?;
    Ok((!addresses.is_empty()).then(|| addresses.into_iter().collect::<Vec<_>>().join(", ")))
}

/// From where to where a canary goes; the mail path is tried only where both are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanaryWay {
    /// `CANARY_FROM`: an address that SES may send from.
    pub from: String,
    /// `CANARY_TO`: the tracker's own address.
    pub to: String,
}

/// The canary's way, from `CANARY_FROM` and `CANARY_TO`; `None` where neither is set.
///
/// # Errors
/// When only one is set, or one is no address.
pub fn canary(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<CanaryWay>, SettingError> {
    let (from, to) = ("CANARY_FROM", "CANARY_TO");
    if lookup(from).is_none() && lookup(to).is_none() {
        return Ok(None);
    }
    Ok(Some(CanaryWay { from: one_address(&lookup, from)?, to: one_address(&lookup, to)? }))
}

fn one_address(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<String, SettingError> {
    let wants = "one full mail address (canary@track.corp.example); the canary needs CANARY_FROM and CANARY_TO";
    let mut found = in_order(&lookup, name, wants)?;
    match (found.pop(), found.is_empty()) {
        (Some(address), true) if address.is_ascii() && address.len() <= 254 => Ok(address),
        (None, _) => Err(SettingError::Missing { name, wants }),
        _ => Err(SettingError::Wrong { name, value: lookup(name).unwrap_or_default(), wants }),
    }
}

fn list<T: Ord>(
    lookup: impl Fn(&str) -> Option<String>,
    name: &'static str,
    wants: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<BTreeSet<T>, SettingError> {
    let value = lookup(name).unwrap_or_default();
    let words = value.split(',').map(str::trim).filter(|w| !w.is_empty());
    words.map(|word| parse(word).ok_or_else(|| SettingError::Wrong { name, value: word.to_owned(), wants })).collect()
}

/// Longest address of a page, in bytes: a link stays one line of a mail.
const PAGE_MAX: usize = 200;
/// What the address of a page looks like, for messages.
pub const PAGE_WANTS: &str = "an address such as https://port25.corp.example/";

/// What a list of addresses looks like, for messages.
const ADDRESSES_WANTS: &str = "a list of full mail addresses (ops@corp.example), separated by commas";

fn addresses(lookup: impl Fn(&str) -> Option<String>, name: &'static str, domains: bool) -> Result<BTreeSet<String>, SettingError> {
    let wants = if domains {
        "a list of mail addresses (ops@corp.example) or domains (@corp.example), separated by commas"
    } else {
        ADDRESSES_WANTS
    };
    list(lookup, name, wants, |word| address(word, domains))
}

/// A full address, or (`domains`) one of a whole domain, in lower case.
fn address(word: &str, domains: bool) -> Option<String> {
    let (local, domain) = word.rsplit_once('@')?;
    let plain = !word.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    (plain && domain.contains('.') && (domains || !local.is_empty())).then(|| word.to_ascii_lowercase())
}

/// The addresses of a list as they are written: the first one is the one to show.
fn in_order(lookup: impl Fn(&str) -> Option<String>, name: &'static str, wants: &'static str) -> Result<Vec<String>, SettingError> {
    let value = lookup(name).unwrap_or_default();
    let words = value.split(',').map(str::trim).filter(|w| !w.is_empty());
    words.map(|word| address(word, false).ok_or_else(|| SettingError::Wrong { name, value: word.to_owned(), wants })).collect()
}

fn reply_from(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<String>, SettingError> {
    const NAME: &str = "REPLY_FROM";
    let wants = "one full mail address (ops@corp.example)";
    let mut found = in_order(&lookup, NAME, wants)?;
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => Err(SettingError::Wrong { name: NAME, value: lookup(NAME).unwrap_or_default(), wants }),
    }
}

/// The variable is not ours alone: desktops set it to lists such as `de_DE:de`. So the first language counts, and one that has no
/// drafts is no mistake.
fn language(lookup: impl Fn(&str) -> Option<String>) -> Language {
    let value = lookup("LANGUAGE").unwrap_or_default();
    let first = value.split([':', '_', '-', '.']).next().unwrap_or_default();
    Language::parse(first).unwrap_or_default()
}

fn aliases(lookup: impl Fn(&str) -> Option<String>) -> Result<BTreeMap<String, AccountId>, SettingError> {
    const NAME: &str = "ALIASES";
    let mut found = BTreeMap::new();
    for (name, account) in list(lookup, NAME, ALIAS_WANTS, alias)? {
        if let Some(other) = found.insert(name.clone(), account.clone()) {
            return Err(SettingError::Wrong {
                name: NAME,
                value: format!("{name}={other},{name}={account}"),
                wants: "one account for each recipient",
            });
        }
    }
    Ok(found)
}

/// What an alias looks like, for messages.
pub const ALIAS_WANTS: &str =
    "recipients and their 12-digit accounts (aws+prod-eu=111122223333 or aws+dev@corp.example=444455556666), separated by commas";

/// One recipient, as a full address or as the part before the `@`, and the account that it names.
pub fn alias(word: &str) -> Option<(String, AccountId)> {
    let (name, account) = word.rsplit_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    let plain =
        !name.is_empty() && name.len() <= 254 && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    let whole = match name.rsplit_once('@') {
        Some((local, domain)) => !local.is_empty() && domain.contains('.'),
        None => true,
    };
    (plain && whole).then_some((name, AccountId::parse(account.trim())?))
}

fn hosts(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<BTreeSet<String>, SettingError> {
    list(lookup, name, "a list of host names, separated by commas", host)
}

/// A host name that may stand in an `Authentication-Results` header.
pub fn host(word: &str) -> Option<String> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    (!word.is_empty() && word.len() <= 253 && word.chars().all(good)).then(|| word.to_ascii_lowercase())
}

/// Where people open the page: `http://` or `https://`, a host, perhaps a port and a path; with a `/` at its end. Whoever reads an alert
/// follows it, so nothing else is in it: no name, no password, no query.
pub fn page(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (at, path) = rest.split_once('/').unwrap_or((rest, ""));
    let good = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let fits =
        text.len() <= PAGE_MAX && !at.is_empty() && good(at, ".-:[]") && good(path, "-._~/") && !path.split('/').any(|part| part == "..");
    fits.then(|| format!("{}/", text.trim_end_matches('/')))
}

/// The policy with what only those need who tell people something: the zone of times, the delivery window, and where the page is.
///
/// # Errors
/// When a setting has a value that cannot be used.
pub fn telling(policy: Policy, lookup: impl Fn(&str) -> Option<String>) -> Result<Policy, SettingError> {
    let zone = match lookup("TIME_ZONE") {
        Some(value) => TimeZone::get(value.trim()).map_err(|_| SettingError::Wrong {
            name: "TIME_ZONE",
            value,
            wants: "an IANA time zone such as Europe/Berlin",
        })?,
        None => policy.zone,
    };
    let window = match lookup("DELIVERY_WINDOW") {
        Some(value) => match Window::parse(&value) {
            Some(window) => Some(window),
            None => return Err(SettingError::Wrong { name: "DELIVERY_WINDOW", value, wants: WINDOW_WANTS }),
        },
        None => policy.window,
    };
    let page = match lookup("PAGE_URL") {
        Some(value) => match page(value.trim()) {
            Some(page) => Some(page),
            None => return Err(SettingError::Wrong { name: "PAGE_URL", value, wants: PAGE_WANTS }),
        },
        None => policy.page,
    };
    Ok(Policy { zone, window, page, ..policy })
}

fn deadlines(lookup: impl Fn(&str) -> Option<String>) -> Result<BTreeMap<Whose, SignedDuration>, SettingError> {
    const NAME: &str = "DEADLINES";
    let wants = "12-digit accounts or families (port25, abuse, support-case, verification) and hours from 1 to 8784, such as \
                 111122223333=72,support-case=24, each once";
    let parse = |word: &str| {
        let (whose, hours) = word.split_once('=')?;
        let whose = whose.trim();
        let family = Family::parse(whose).filter(|family| family.answered_by_mail() || *family == Family::SupportCase).map(Whose::Family);
        let whose = family.or_else(|| AccountId::parse(whose).map(Whose::Account))?;
        let hours = hours.trim().parse().ok().filter(|hours| (1..=HOURS_MAX).contains(hours))?;
        Some((whose, SignedDuration::from_hours(hours)))
    };
    let all = list(&lookup, NAME, wants, parse)?;
    let found: BTreeMap<Whose, SignedDuration> = all.iter().cloned().collect();
    if found.len() < all.len() {
        return Err(SettingError::Wrong { name: NAME, value: lookup(NAME).unwrap_or_default(), wants });
    }
    Ok(found)
}

fn hours(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<Option<SignedDuration>, SettingError> {
    let Some(value) = lookup(name) else { return Ok(None) };
    match value.trim().parse::<i64>() {
        Ok(hours) if (1..=HOURS_MAX).contains(&hours) => Ok(Some(SignedDuration::from_hours(hours))),
        _ => Err(SettingError::Wrong { name, value, wants: "a whole number of hours, from 1 to 8784" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
    }

    #[test]
    fn nothing_set_is_the_default() {
        assert_eq!(policy(with(&[])), Ok(Policy::default()));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (name, value) in [
            ("DEADLINE_HOURS", "two days"),
            ("DEADLINE_HOURS", "0"),
            ("REPEAT_HOURS", "-1"),
            ("DEADLINES", "48"),
            ("DEADLINES", "notice=48"),
            ("DEADLINES", "port25=0"),
            ("OWN_ADDRESSES", "corp.example"),
            ("AWS_ADDRESSES", "@amazon.com"),
            ("FORWARDING_MAILBOXES", "a b@corp.example"),
            ("ACCOUNTS", "123"),
            ("REPLY_FROM", "corp.example"),
            ("REPLY_FROM", "a@corp.example,b@corp.example"),
            ("MAIL_ADDRESSES", "corp.example"),
            ("TRUSTED_RESULTS", "mx.example;x"),
            ("ALIASES", "aws+prod-eu"),
            ("ALIASES", "=111122223333"),
            ("ALIASES", "aws+prod-eu=1"),
            ("ALIASES", "@corp.example=111122223333"),
            ("ALIASES", "a=111122223333,a=444455556666"),
        ] {
            let error = policy(with(&[(name, value)])).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{name} is {value:?}: ")), "{error}");
        }
    }

    #[test]
    fn a_canary_has_both_ends_or_there_is_none() {
        assert_eq!(canary(with(&[])), Ok(None));
        let both = [("CANARY_FROM", "Canary@Track.corp.example"), ("CANARY_TO", "port25@track.corp.example")];
        let way = CanaryWay { from: "canary@track.corp.example".to_owned(), to: "port25@track.corp.example".to_owned() };
        assert_eq!(canary(with(&both)), Ok(Some(way)));
        for (from, to, says) in [
            ("a@corp.example", "", "CANARY_TO is not set: "),
            ("", "a@corp.example", "CANARY_FROM is not set: "),
            ("@corp.example", "a@corp.example", "CANARY_FROM is \"@corp.example\": "),
            ("a@corp.example", "a@corp.example,b@corp.example", "CANARY_TO is \"a@corp.example,b@corp.example\": "),
        ] {
            let set: Vec<(&str, &str)> = [("CANARY_FROM", from), ("CANARY_TO", to)].into_iter().filter(|(_, v)| !v.is_empty()).collect();
            let error = canary(with(&set)).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }

    #[test]
    fn deadlines_zone_and_window_are_read() {
        let policy = policy(with(&[("DEADLINES", "1111-2222-3333=72, support-case=24")])).unwrap();
        let account = AccountId::parse("111122223333").unwrap();
        assert_eq!(policy.deadline_of(Family::SupportCase, Some(&account)), SignedDuration::from_hours(72));
        assert_eq!(policy.deadline_of(Family::SupportCase, None), SignedDuration::from_hours(24));
        let twice = super::policy(with(&[("DEADLINES", "port25=24,port25=48")])).unwrap_err();
        assert!(twice.to_string().starts_with("DEADLINES is "), "{twice}");

        let told = telling(policy.clone(), with(&[("TIME_ZONE", "UTC"), ("DELIVERY_WINDOW", "mon-fri 08:00-20:00")])).unwrap();
        assert_eq!(told.window.map(|w| w.to_string()).as_deref(), Some("mon,tue,wed,thu,fri 08:00-20:00"));
        for (name, value) in [("TIME_ZONE", "Mars/Olympus"), ("DELIVERY_WINDOW", "always")] {
            let error = telling(policy.clone(), with(&[(name, value)])).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{name} is {value:?}: ")), "{error}");
        }
    }

    #[test]
    fn a_page_is_an_address_and_nothing_beside_it() {
        for (text, want) in [
            ("https://port25.corp.example", "https://port25.corp.example/"),
            ("http://127.0.0.1:8025/", "http://127.0.0.1:8025/"),
            ("https://corp.example/tools/port25", "https://corp.example/tools/port25/"),
            ("http://[::1]:8025", "http://[::1]:8025/"),
        ] {
            assert_eq!(page(text).as_deref(), Some(want));
        }
        let long = format!("https://{}.example", "x".repeat(PAGE_MAX));
        for bad in [
            "",
            "port25.corp.example",
            "javascript:alert(1)",
            "https://",
            "https://a@b.example/",
            "https://x.example/?q",
            "https://x.example/a b",
            "https://x.example/../y",
            &long,
        ] {
            assert_eq!(page(bad), None, "{bad}");
        }
        let set = |value: &'static str| telling(Policy::default(), move |name| (name == "PAGE_URL").then(|| value.to_owned()));
        assert_eq!(set("https://port25.corp.example").unwrap().page.as_deref(), Some("https://port25.corp.example/"));
        assert!(set("x").unwrap_err().to_string().contains("PAGE_URL"));
    }

    #[test]
    fn lists_and_hours_are_read() {
        let policy = policy(with(&[("OWN_ADDRESSES", "Ops@Corp.example, @corp.example"), ("DEADLINE_HOURS", "24")])).unwrap();
        assert!(policy.is_own("someone@corp.example") && !policy.is_own("someone@notcorp.example"));
        assert_eq!(policy.deadline, SignedDuration::from_hours(24));
        let replies = [("REPLY_FROM", "Ops@Corp.example"), ("MAIL_ADDRESSES", "b@corp.example, a@corp.example"), ("LANGUAGE", "JA")];
        let policy = super::policy(with(&replies)).unwrap();
        assert_eq!((policy.reply_from.as_deref(), policy.tracker.as_deref()), (Some("ops@corp.example"), Some("b@corp.example")));
        assert_eq!(policy.language, Language::Japanese);
        for (set, language) in [("ja_JP.UTF-8:en", Language::Japanese), ("de_DE:ja", Language::English), ("", Language::English)] {
            assert_eq!(super::policy(with(&[("LANGUAGE", set)])).unwrap().language, language, "{set}");
        }
        let aliases =
            super::policy(with(&[("ALIASES", "AWS+Prod-EU=111122223333, aws+dev@corp.example = 4444-5555-6666")])).unwrap().aliases;
        let aliases: Vec<_> = aliases.iter().map(|(name, account)| (name.as_str(), account.as_str())).collect();
        assert_eq!(aliases, [("aws+dev@corp.example", "444455556666"), ("aws+prod-eu", "111122223333")]);
        assert_eq!(
            mail_to(with(&[("MAIL_ADDRESSES", "b@corp.example,a@corp.example")])).unwrap().unwrap(),
            "a@corp.example, b@corp.example"
        );
        assert_eq!(mail_to(with(&[])), Ok(None));
        assert!(mail_to(with(&[("MAIL_ADDRESSES", "corp.example")])).is_err());
    }
}
