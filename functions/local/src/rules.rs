//! `port25 rules`: a rule file checked, and a folder of mails held against what is expected of each.

use std::path::{Path, PathBuf};
use std::{fs, io};

use boot::rules;
use comfy_table::{ContentArrangement, Table, presets};
use domain::classify::expectation::differences;
use domain::policy::Policy;
use ingest::file::{Judged, judge};
use ingest::{Delivery, Origin, Signatures};

use crate::cli::{Done, RulesTestArgs};
use crate::explain::bytes;
use crate::serve::policy;

/// Folders in folders that are looked into.
const MAX_DEPTH: usize = 16;

/// Says that a rule file can be used, and what it adds.
///
/// # Errors
/// With every mistake in it.
pub fn check(file: &Path) -> Done {
    let read = rules::load(file)?;
    println!("{} can be used: addresses of AWS: {}, rules: {}.", file.display(), read.aws_addresses.len(), read.rules.len());
    Ok(0)
}

/// How a mail of the folder came out.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    AsExpected,
    Different(String),
    NothingExpected,
}

/// Runs a folder of mails. The exit code is 2 when one is not read as expected.
///
/// # Errors
/// When the folder holds nothing to compare, or something in it cannot be read.
pub fn test(args: &RulesTestArgs) -> Done {
    let policy = policy(&args.results)?;
    let folder = &args.folder;
    let mut files = Vec::new();
    walk(folder, MAX_DEPTH, &mut files).map_err(|e| format!("{}: {e}", folder.display()))?;
    files.sort();
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["MAIL", "MEANS", "RESULT"]);
    let (mut good, mut different, mut unchecked) = (0u64, 0u64, 0u64);
    for path in &files {
        let name = domain::text::one_line(&path.strip_prefix(folder).unwrap_or(path).to_string_lossy());
        let (meaning, outcome) = one(path, &policy).map_err(|e| format!("{}: {e}", path.display()))?;
        let result = match outcome {
            Outcome::AsExpected => {
                good += 1;
                "as expected".to_owned()
            }
            Outcome::Different(how) => {
                different += 1;
                format!("DIFFERENT: {how}")
            }
            Outcome::NothingExpected => {
                unchecked += 1;
                "not checked: there is no .expect file beside it".to_owned()
            }
        };
        table.add_row([name, meaning.to_owned(), result]);
    }
    if good + different == 0 {
        return Err(format!(
            "{} holds no mail (.eml) with what is expected of it (.expect) beside it: write one, such as \"meaning: unclear\"",
            folder.display()
        )
        .into());
    }
    println!("{table}");
    println!("\nAs expected: {good}, different: {different}, not checked: {unchecked}.");
    Ok(if different == 0 { 0 } else { 2 })
}

/// The mails below a folder, and expectations without a mail. Links are not followed.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let is = |extension: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
        if entry.file_type()?.is_dir() {
            if depth > 0 {
                walk(&path, depth - 1, files)?;
            }
        } else if is("eml") || (is("expect") && !path.with_extension("eml").exists()) {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads and judges one mail of the folder, and compares.
fn one(path: &Path, policy: &Policy) -> io::Result<(&'static str, Outcome)> {
    if path.extension().is_some_and(|e| e == "expect") {
        return Ok(("-", Outcome::Different("there is no mail (.eml) beside these expectations".to_owned())));
    }
    let bytes = bytes(path)?;
    let judged = judged(&bytes, policy);
    let outcome = match fs::read_to_string(path.with_extension("expect")) {
        Ok(expected) => compare(&expected, &judged, policy),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Outcome::NothingExpected,
        Err(error) => return Err(error),
    };
    Ok((judged.reading.meaning.as_str(), outcome))
}

/// What a mail that somebody handed over means.
fn judged(bytes: &[u8], policy: &Policy) -> Judged {
    let delivery =
        Delivery { object: "tested", bytes, truncated: false, verdicts: None, signatures: Signatures::default(), origin: Origin::ByHand };
    judge(&delivery, policy)
}

fn compare(expected: &str, judged: &Judged, policy: &Policy) -> Outcome {
    let reading = &judged.reading;
    match differences(expected, &judged.mail, reading, policy) {
        Ok(none) if none.is_empty() => Outcome::AsExpected,
        Ok(some) => {
            let said = some.iter().map(|d| format!("{} is {}, not {}", d.key, d.found, domain::text::one_line(&d.expected)));
            let because = reading.evidence.iter().map(|e| format!("{} \"{}\"", e.rule, domain::text::one_line(&e.matched)));
            let because = because.collect::<Vec<_>>().join(", ");
            let because = if because.is_empty() { "no rule matched".to_owned() } else { because };
            Outcome::Different(format!("{} ({because})", said.collect::<Vec<_>>().join(", ")))
        }
        Err(mistake) => Outcome::Different(format!("in the .expect file {mistake}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Results;
    use crate::scratch::Scratch;

    const MAIL: &str = "From: aws-automation@email.amazon.com\nSubject: port 25\n\nThe gates of port 25 stand open.\n";

    fn tested(folder: &Scratch, rules: Option<PathBuf>) -> Result<u8, String> {
        let args = RulesTestArgs {
            folder: folder.path().to_owned(),
            results: Results { trust_results: Vec::new(), aliases: Vec::new(), rules, check_dkim: false },
        };
        test(&args).map_err(|e| e.to_string())
    }

    #[test]
    fn a_folder_is_compared_and_the_exit_code_says_how_it_went() {
        let folder = Scratch::new();
        assert!(tested(&folder, None).unwrap_err().contains("holds no mail"));
        folder.write("a/gates.eml", MAIL);
        assert!(tested(&folder, None).unwrap_err().contains("holds no mail"), "a mail alone checks nothing");
        folder.write("a/gates.expect", "trust: unverified\nmeaning: unclear\n");
        assert_eq!(tested(&folder, None), Ok(0));
        folder.write("b/lonely.expect", "meaning: denied\n");
        assert_eq!(tested(&folder, None), Ok(2), "expectations without a mail");
    }

    #[test]
    fn the_rule_file_takes_part() {
        let folder = Scratch::new();
        folder.write("gates.eml", MAIL);
        folder.write("gates.expect", "meaning: question\n");
        assert_eq!(tested(&folder, None), Ok(2));
        let rules = folder.write("r.json", r#"{"rules": [{"id": "own.gates", "means": "question", "phrase": "gates ~3 stand open"}]}"#);
        assert_eq!(check(&rules).ok(), Some(0));
        assert_eq!(tested(&folder, Some(rules)), Ok(0));
        let wrong = folder.write("wrong.json", r#"{"aws_addresses": ["amazon.com"]}"#);
        assert!(check(&wrong).unwrap_err().to_string().contains("address 1: \"amazon.com\" is no full address"));
        assert!(tested(&folder, Some(wrong)).is_err());
    }

    #[test]
    fn a_difference_names_key_words_and_rule() {
        let policy = Policy::default();
        let mail = format!("{MAIL}\nUnfortunately the gates are elsewhere.\n");
        let judged = judged(mail.as_bytes(), &policy);
        let Outcome::Different(how) = compare("meaning: denied", &judged, &policy) else { panic!("{judged:?}") };
        assert_eq!(how, "meaning is unclear, not denied (conflict.regret \"Unfortunately\")");
        assert!(matches!(compare("meaning denied", &judged, &policy), Outcome::Different(how) if how.contains("line 1")));
    }
}
