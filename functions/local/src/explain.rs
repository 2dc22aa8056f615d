//! `port25 explain`: what one mail means and why, without storing anything.

use std::io::{self, Read};
use std::path::Path;

use api::facts::FactsView;
use domain::classify::{Evidence, Reading};
use domain::ids::AwsId;
use domain::mail::{MAX_BYTES, Mail};
use domain::text::one_line;
use ingest::file::{Judged, judge};
use ingest::{Delivery, Origin, Signatures};
use serde::Serialize;

use crate::cli::{Done, ExplainArgs};
use crate::dkim::Finding;
use crate::fields::{print, print_json};
use crate::serve::{checker, policy};

/// The reading of a mail, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Explanation {
    from: Option<String>,
    subject: String,
    message_id: Option<String>,
    date: Option<String>,
    thread: Vec<String>,
    trust: &'static str,
    trust_why: &'static str,
    /// What `--check-dkim` found.
    dkim: Option<&'static str>,
    dkim_why: Option<&'static str>,
    meaning: &'static str,
    also_denied: bool,
    family: &'static str,
    aws_ids: Vec<String>,
    aws_id_where: Option<&'static str>,
    mentions: Vec<String>,
    account: Option<String>,
    region: Option<String>,
    regions: Vec<String>,
    #[serde(flatten)]
    facts: FactsView,
    evidence: Vec<Proof>,
    automatic: Option<&'static str>,
    problems: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Proof {
    rule: String,
    matched: String,
    r#where: &'static str,
}

/// Explains.
///
/// # Errors
/// When the file cannot be read or a setting cannot be used. A mail that cannot be read is explained, not refused.
pub async fn run(args: &ExplainArgs) -> Done {
    let policy = policy(&args.results)?;
    let bytes = bytes(&args.file).map_err(|e| format!("{}: {e}", args.file.display()))?;
    let found = match checker(&args.results)? {
        Some(checker) => Some(checker.check(&domain::mail::read(&bytes), &bytes).await),
        None => None,
    };
    let signatures = Signatures { sender: found == Some(Finding::Pass), original: false };
    let delivery = Delivery { object: "explained", bytes: &bytes, truncated: false, verdicts: None, origin: Origin::ByHand, signatures };
    let judged = judge(&delivery, &policy);
    let mut explanation = explanation(&judged);
    explanation.dkim = found.map(Finding::as_str);
    explanation.dkim_why = found.map(Finding::why);
    if explanation.account.is_none() {
        explanation.account = policy.account_of_recipient(&judged.mail).map(ToString::to_string);
    }
    if args.json {
        print_json(&explanation)?;
    } else {
        print(&text(&explanation))?;
    }
    Ok(0)
}

/// The file, up to one byte more than is read of a mail: enough to know that it is too large.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if path.as_os_str() == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn explanation(Judged { mail, reading }: &Judged) -> Explanation {
    let Mail { from, subject, message_id, date, thread, automatic, .. } = mail;
    let Reading { trust, trust_why, meaning, also_denied, family, own_id, mentions, account, regions, facts, evidence, problems, .. } =
        reading;
    let proof = |e: &Evidence| Proof { rule: e.rule.clone(), matched: e.matched.clone(), r#where: e.place.as_str() };
    Explanation {
        from: from.first().map(|a| one_line(&a.address)).filter(|a| !a.is_empty()),
        subject: one_line(subject),
        message_id: message_id.as_ref().map(ToString::to_string),
        date: date.map(|d| d.to_string()),
        thread: thread.iter().map(ToString::to_string).collect(),
        trust: trust.as_str(),
        trust_why,
        dkim: None,
        dkim_why: None,
        meaning: meaning.as_str(),
        also_denied: *also_denied,
        family: family.as_str(),
        aws_ids: own_id.iter().map(|o| o.id.to_string()).collect(),
        aws_id_where: own_id.as_ref().map(|o| o.place.as_str()),
        mentions: mentions.iter().map(AwsId::to_string).collect(),
        account: account.as_ref().map(ToString::to_string),
        region: regions.first().map(ToString::to_string),
        regions: regions.iter().map(ToString::to_string).collect(),
        facts: FactsView::of(facts),
        evidence: evidence.iter().map(proof).collect(),
        automatic: *automatic,
        problems: problems.iter().map(|p| p.as_str()).collect(),
    }
}

fn text(e: &Explanation) -> String {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let list = |list: &[String]| if list.is_empty() { "-".to_owned() } else { list.join(", ") };
    let mut out = format!(
        "From:     {}\nSubject:  {}\nTrust:    {} ({})\nMeaning:  {}{}\nFamily:   {}\nAWS ID:   {}\nMentions: {}\nAccount:  {}\nRegion:   {}\n",
        dash(&e.from),
        e.subject,
        e.trust,
        e.trust_why,
        e.meaning,
        if e.also_denied { " (and denied)" } else { "" },
        e.family,
        list(&e.aws_ids),
        list(&e.mentions),
        dash(&e.account),
        list(&e.regions)
    );
    if let (Some(found), Some(why)) = (e.dkim, e.dkim_why) {
        out.push_str(&format!("DKIM:     {found} ({why})\n"));
    }
    for (name, text) in e.facts.named() {
        out.push_str(&format!("{:<9} {}\n", format!("{name}:"), one_line(&text)));
    }
    for proof in &e.evidence {
        out.push_str(&format!("Because:  {} in the {}: {:?}\n", proof.rule, proof.r#where, proof.matched));
    }
    if !e.problems.is_empty() {
        out.push_str(&format!("Problems: {}\n", e.problems.join(", ")));
    }
    out
}
