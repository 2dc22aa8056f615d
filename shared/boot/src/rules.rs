//! The operator's rule file (`docs/RULES.md`): further addresses of AWS and phrases of low confidence, as JSON.
//!
//! It is read once, at the start, and a file with a mistake ends the start: half of the rules is not what the operator wrote. Every
//! mistake is named with its line and says what to do. The format is JSON because the functions contain its reader already.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use domain::classify::{MAX_RULES, OperatorRule, OperatorRules};
use domain::policy::Policy;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The largest file that is read, in bytes; fifty rules have about ten thousand.
const MAX_FILE: usize = 64 * 1024;
/// Most addresses of a file. AWS has nine that are known.
const MAX_ADDRESSES: usize = 100;
/// Longest address, in bytes (RFC 5321).
const MAX_ADDRESS: usize = 254;
/// Mistakes that are told at once.
const MAX_MISTAKES: usize = 20;

/// What a rule file adds to the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFile {
    /// Full sender addresses that may be AWS, lower case.
    pub aws_addresses: BTreeSet<String>,
    /// The phrases.
    pub rules: OperatorRules,
}

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleFileError {
    /// It cannot be read.
    #[error("the rule file {} (RULES_FILE or --rules) cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It has mistakes.
    #[error("the rule file {} (RULES_FILE or --rules) has mistakes:{}", path.display(), list(mistakes))]
    Mistaken {
        /// The file.
        path: PathBuf,
        /// All of them, in the order of the file, twenty at most.
        mistakes: Vec<Mistake>,
    },
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// Where: `rule 2 (own.limits-freed)`, or nothing for the file as a whole.
    pub place: String,
    /// What is wrong, and what to do.
    pub says: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.place.is_empty() { "" } else { ": " };
        write!(f, "line {}: {}{colon}{}", self.line, self.place, self.says)
    }
}

fn list(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("\n  {mistake}")).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<'x> {
    #[serde(borrow, default)]
    aws_addresses: Vec<&'x RawValue>,
    #[serde(borrow, default)]
    rules: Vec<&'x RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    means: String,
    phrase: Option<String>,
    unless: Option<String>,
    text: Option<String>,
    /// For people: why the rule is there.
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Adds the rule file that `RULES_FILE` names, if it names one; a relative path begins beside the bootstrap (`LAMBDA_TASK_ROOT`).
///
/// # Errors
/// When it cannot be read or has a mistake.
pub fn extend(policy: Policy, lookup: impl Fn(&str) -> Option<String>) -> Result<Policy, RuleFileError> {
    let Some(file) = lookup("RULES_FILE").filter(|file| !file.is_empty()) else { return Ok(policy) };
    let root = lookup("LAMBDA_TASK_ROOT").unwrap_or_default();
    Ok(load(&Path::new(&root).join(file))?.add_to(policy))
}

impl RuleFile {
    /// Adds what the file says to a policy.
    pub fn add_to(self, mut policy: Policy) -> Policy {
        policy.aws_addresses.extend(self.aws_addresses);
        policy.rules = self.rules;
        policy
    }
}

/// Reads a rule file.
///
/// # Errors
/// When it cannot be read or has a mistake.
pub fn load(path: &Path) -> Result<RuleFile, RuleFileError> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|source| RuleFileError::Unreadable { path: path.to_owned(), source })?;
    parse(&bytes).map_err(|mistakes| RuleFileError::Mistaken { path: path.to_owned(), mistakes })
}

/// Reads the bytes of a rule file.
///
/// # Errors
/// With every mistake, at least one.
pub fn parse(bytes: &[u8]) -> Result<RuleFile, Vec<Mistake>> {
    let whole = |line: usize, says: String| vec![Mistake { line, place: String::new(), says }];
    if bytes.len() > MAX_FILE {
        return Err(whole(1, format!("the file is larger than {MAX_FILE} bytes")));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let before = bytes.get(..e.valid_up_to()).unwrap_or_default();
        whole(lines(before) + 1, "the file is not UTF-8: save it as that".to_owned())
    })?;
    if !text.trim_start().starts_with('{') {
        return Err(whole(1, "the file is no JSON object: it begins with { and has \"aws_addresses\" and \"rules\"".to_owned()));
    }
    let file: Whole<'_> = serde_json::from_str(text).map_err(|e| whole(e.line().max(1), reason(&e)))?;
    let line_of = |raw: &RawValue| {
        let offset = raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr());
        lines(&text.as_bytes()[..offset.min(text.len())]) + 1
    };
    let mut mistakes = Vec::new();
    let mut read = RuleFile::default();
    if file.aws_addresses.len() > MAX_ADDRESSES {
        mistakes.extend(whole(1, format!("there are {} addresses: {MAX_ADDRESSES} are the most", file.aws_addresses.len())));
    }
    for (n, raw) in (1..).zip(file.aws_addresses.iter().take(MAX_ADDRESSES)) {
        let parsed = serde_json::from_str::<String>(raw.get()).map_err(|_| "it is no text: write it in quotes".to_owned());
        match parsed.and_then(|written| address(&written)).map(|address| read.aws_addresses.insert(address)) {
            Ok(true) => {}
            Ok(false) => mistakes.push(Mistake {
                line: line_of(raw),
                place: format!("address {n}"),
                says: "it is there twice: take one out".to_owned(),
            }),
            Err(says) => mistakes.push(Mistake { line: line_of(raw), place: format!("address {n}"), says }),
        }
    }
    if file.rules.len() > MAX_RULES {
        mistakes.extend(whole(1, format!("there are {} rules: {MAX_RULES} are the most", file.rules.len())));
    }
    let mut rules: Vec<OperatorRule> = Vec::new();
    for (n, raw) in (1..).zip(file.rules.iter().take(MAX_RULES)) {
        let line = line_of(raw);
        match rule(raw, line) {
            Ok(rule) => match rules.iter().position(|other| other.id() == rule.id()) {
                Some(_) => mistakes.push(Mistake {
                    line,
                    place: format!("rule {n} ({})", rule.id()),
                    says: "another rule has this id: give one of them another".to_owned(),
                }),
                None => rules.push(rule),
            },
            Err((line, id, says)) => {
                let named = id.map(|id| format!(" ({})", domain::text::cut(&domain::text::one_line(&id), 60))).unwrap_or_default();
                mistakes.push(Mistake { line, place: format!("rule {n}{named}"), says });
            }
        }
    }
    if mistakes.is_empty() {
        read.rules = OperatorRules::new(rules).map_err(|error| whole(1, error.to_string()))?;
        return Ok(read);
    }
    mistakes.sort_by_key(|mistake| mistake.line);
    mistakes.truncate(MAX_MISTAKES);
    Err(mistakes)
}

/// One rule, or the line of its mistake, its id if that could be read, and what is wrong.
fn rule(raw: &RawValue, line: usize) -> Result<OperatorRule, (usize, Option<String>, String)> {
    if !raw.get().starts_with('{') {
        return Err((line, None, "it is no object: write { \"id\": …, \"means\": …, \"phrase\": … }".to_owned()));
    }
    let rule: Rule = serde_json::from_str(raw.get()).map_err(|e| (line + e.line().saturating_sub(1), None, reason(&e)))?;
    let read = match (&rule.phrase, &rule.text) {
        (Some(phrase), None) => OperatorRule::phrase(&rule.id, &rule.means, phrase, rule.unless.as_deref()),
        (None, Some(_)) if rule.unless.is_some() => {
            return Err((line, Some(rule.id), "\"unless\" belongs to a phrase: a text has none".to_owned()));
        }
        (None, Some(text)) => OperatorRule::text(&rule.id, &rule.means, text),
        _ => return Err((line, Some(rule.id), "it looks for nothing, or for two things: write either \"phrase\" or \"text\"".to_owned())),
    };
    read.map_err(|error| (line, Some(rule.id), error.to_string()))
}

/// A full address in lower case: a domain is never believed as a whole.
fn address(written: &str) -> Result<String, String> {
    let address = written.to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_domain = |domain: &str| domain.contains('.') && domain.split('.').all(is_label);
    let shown = domain::text::cut(&domain::text::one_line(written), 80);
    let Some((local, domain)) = address.split_once('@').filter(|(local, _)| !local.is_empty() && *local != "*") else {
        return Err(format!(
            "{shown:?} is no full address: name each sender, such as \"no-reply-aws@amazon.com\"; a domain is never believed as a whole"
        ));
    };
    let plain = local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'+-/=?^_`{|}~.".contains(&b));
    if address.len() > MAX_ADDRESS || !plain || !is_domain(domain) {
        return Err(format!(
            "{shown:?} is no mail address: write it plainly, such as \"no-reply-aws@amazon.com\", without a name or brackets"
        ));
    }
    Ok(address)
}

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

/// What the JSON reader says, without its own line and column: in a part of the file they are counted from that part.
fn reason(error: &serde_json::Error) -> String {
    let says = error.to_string();
    let says = says.rsplit_once(" at line ").map_or(says.as_str(), |(says, _)| says);
    domain::text::cut(&domain::text::one_line(says), 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{
  "aws_addresses": ["Case-Team@amazon.com"],
  "rules": [
    {"id": "own.freed", "means": "approved", "phrase": "we have ~2 freed ~6 limit*", "unless": "if|once", "note": "seen in 2026"},
    {"id": "own.ja", "means": "denied", "text": "見送り"}
  ]
}"#;

    fn mistakes(file: &str) -> Vec<String> {
        parse(file.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_file_is_read() {
        let policy = parse(GOOD.as_bytes()).unwrap().add_to(Policy::default());
        assert!(policy.is_aws("case-team@amazon.com") && policy.is_aws("no-reply-aws@amazon.com") && !policy.is_aws("x@amazon.com"));
        assert_eq!(policy.rules.len(), 2);
        assert_eq!(parse(b"{}"), Ok(RuleFile::default()));
    }

    /// The example of the documentation is a file that can be used.
    #[test]
    fn the_documented_example_is_read() {
        let documentation = include_str!("../../../docs/RULES.md");
        let example = documentation.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let file = parse(example.as_bytes()).unwrap();
        assert!(file.rules.len() >= 3 && !file.aws_addresses.is_empty());
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let file = r#"{
  "aws_addresses": ["amazon.com",
    "@amazon.com", "a@amazon.com", "a@amazon.com"],
  "rules": [
    {"id": "own.a", "means": "granted", "phrase": "a b"},
    {"id": "own.b", "means": "denied",
     "phrases": "a b"},
    {"id": "own.c", "means": "denied", "phrase": ""},
    {"id": "denied.unable", "means": "denied", "phrase": "a"},
    {"id": "own.d", "means": "denied", "phrase": "a"}, {"id": "own.d", "means": "denied", "phrase": "b"},
    {"id": "own.e", "means": "denied"},
    ["own.f", "denied", "a"], 17
  ]
}"#;
        let expected = [
            "line 2: address 1: \"amazon.com\" is no full address",
            "line 3: address 2: \"@amazon.com\" is no full address",
            "line 3: address 4: it is there twice",
            "line 5: rule 1 (own.a): it means \"granted\": a rule can mean question",
            "line 7: rule 2: unknown field `phrases`, expected one of `id`, `means`, `phrase`",
            "line 8: rule 3 (own.c): the phrase cannot be used: it has no words",
            "line 9: rule 4 (denied.unable): \"denied.unable\" is a compiled-in rule",
            "line 10: rule 6 (own.d): another rule has this id",
            "line 11: rule 7 (own.e): it looks for nothing",
            "line 12: rule 8: it is no object",
            "line 12: rule 9: it is no object",
        ];
        let found = mistakes(file);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\nnot {expected}");
        }
    }

    #[test]
    fn what_is_no_rule_file_says_so() {
        for (file, expected) in [
            ("", "line 1: the file is no JSON object"),
            ("[]", "line 1: the file is no JSON object"),
            ("{\n\"rules\": [}", "line 2: expected value"),
            ("{\n\n\"rule\": []}", "line 3: unknown field `rule`"),
            ("{\"rules\": {}}", "line 1: invalid type: map"),
            ("{\"rules\": [], \"rules\": []}", "line 1: duplicate field `rules`"),
            ("{} x", "line 1: trailing characters"),
        ] {
            let found = mistakes(file);
            assert!(found.len() == 1 && found[0].starts_with(expected), "{file}: {found:?}");
        }
        assert_eq!(parse(b"{\n\xff}").unwrap_err()[0].line, 2);
        assert!(mistakes(&format!("{{}}{}", " ".repeat(MAX_FILE)))[0].contains("larger"));
        let many = |what: &str, n: usize| format!("{{\"{what}\": [{}]}}", vec!["0"; n].join(","));
        assert!(mistakes(&many("aws_addresses", MAX_ADDRESSES + 1))[0].contains("101 addresses"));
        assert!(mistakes(&many("rules", MAX_RULES + 1))[0].contains("51 rules") && mistakes(&many("rules", 1000)).len() == MAX_MISTAKES);
    }

    #[test]
    fn only_full_plain_addresses_are_taken() {
        for good in ["no-reply-aws@amazon.com", "A+b@support.aws.com", "x_y.z@a-b.example"] {
            assert_eq!(address(good), Ok(good.to_ascii_lowercase()));
        }
        let long = format!("{}@amazon.com", "x".repeat(250));
        for bad in [
            "",
            "@",
            "amazon.com",
            "@amazon.com",
            "*@amazon.com",
            "a*@amazon.com",
            "a@com",
            "a@*.amazon.com",
            "a@.amazon.com",
            "a@amazon.com.",
            "a@b@amazon.com",
            "a b@amazon.com",
            "<a@amazon.com>",
            "AWS <a@amazon.com>",
            "a@amazon.com,b@amazon.com",
            "a@аmazon.com",
            &long,
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_file_is_looked_for_beside_the_bootstrap() {
        let lookup = |name: &str| match name {
            "RULES_FILE" => Some("no-such-rules.json".to_owned()),
            "LAMBDA_TASK_ROOT" => Some("/no-such-folder".to_owned()),
            _ => None,
        };
        let error = extend(Policy::default(), lookup).unwrap_err();
        assert_eq!(error.to_string(), "the rule file /no-such-folder/no-such-rules.json (RULES_FILE or --rules) cannot be read");
        assert_eq!(extend(Policy::default(), |_| None).ok(), Some(Policy::default()));
    }
}
