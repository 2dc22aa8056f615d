//! `port25 explain`: what one mail means and why, without storing anything.

use std::io::{self, Read};
use std::path::Path;

use api::facts::FactsView;
use domain::classify::{self, Evidence, Meaning, Reading, Weight};
use domain::filing::{self, Filing};
use domain::ids::AwsId;
use domain::mail::{MAX_BYTES, Mail};
use domain::policy::Policy;
use domain::text::{cut, one_line};
use domain::trust::Trust;
use ingest::file::{Judged, judge};
use ingest::{Delivery, Origin, Signatures};
use serde::Serialize;

use crate::cli::{Done, ExplainArgs};
use crate::dkim::Finding;
use crate::fields::{print, print_json};
use crate::serve::{checker, policy};

/// Bytes of the judged text that are printed.
const TEXT_MAX: usize = 16 * 1024;

/// The reading of a mail, as `--json` prints it; docs/READING.md says what each member is.
#[derive(Debug, Serialize)]
struct Explanation {
    from: Option<String>,
    from_name: Option<String>,
    to: Vec<String>,
    subject: String,
    message_id: Option<String>,
    date: Option<String>,
    received: Option<String>,
    thread: Vec<String>,
    /// The mail that this one passes on, where it is read instead.
    forwarded: Option<PassedOn>,
    trust: &'static str,
    trust_why: &'static str,
    /// What `--check-dkim` found.
    dkim: Option<&'static str>,
    dkim_why: Option<&'static str>,
    claims_aws: bool,
    meaning: &'static str,
    meaning_why: &'static str,
    /// `high`, `low` or `none`.
    confidence: &'static str,
    also_denied: bool,
    family: &'static str,
    own_id: Option<String>,
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
    /// How the mail would end if it came now: `file`, `quarantined` or `ignored`.
    ending: &'static str,
    ending_why: Option<String>,
    newest_text: String,
}

#[derive(Debug, Serialize)]
struct PassedOn {
    from: Option<String>,
    date: Option<String>,
    subject: Option<String>,
}

#[derive(Debug, Serialize)]
struct Proof {
    rule: String,
    matched: String,
    r#where: &'static str,
    says: &'static str,
    confidence: &'static str,
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
    let mut explanation = explanation(&judged, &policy);
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

/// How sure the meaning is: `none` where no rule says anything.
fn confidence(reading: &Reading, policy: &Policy) -> &'static str {
    let mut weights = reading.evidence.iter().map(|e| classify::weight(e, policy));
    match reading.meaning {
        Meaning::Unclear if reading.evidence.is_empty() => "none",
        Meaning::Unclear => "low",
        meaning if weights.any(|w| w.sure && w.says == meaning) => "high",
        _ => "low",
    }
}

fn passed_on(mail: &Mail, reading: &Reading) -> Option<PassedOn> {
    if !matches!(reading.trust, Trust::Forwarded | Trust::Unverified) {
        return None;
    }
    match (&mail.inner, &mail.original_sender) {
        (Some(inner), _) => Some(PassedOn {
            from: inner.from.as_deref().map(one_line),
            date: inner.date.map(|d| d.to_string()),
            subject: inner.subject.as_deref().map(one_line),
        }),
        (None, Some(from)) => Some(PassedOn { from: Some(one_line(from)), date: None, subject: None }),
        (None, None) => None,
    }
}

fn explanation(Judged { mail, reading }: &Judged, policy: &Policy) -> Explanation {
    let Mail { from, subject, message_id, date, thread, automatic, .. } = mail;
    let Reading { trust, trust_why, meaning, also_denied, family, own_id, mentions, account, regions, facts, evidence, problems, .. } =
        reading;
    let proof = |e: &Evidence| {
        let Weight { says, sure } = classify::weight(e, policy);
        let confidence = if sure { "high" } else { "low" };
        Proof { rule: e.rule.clone(), matched: e.matched.clone(), r#where: e.place.as_str(), says: says.as_str(), confidence }
    };
    let (ending, ending_why) = match filing::decide(mail, reading, false, policy) {
        Filing::File => ("file", None),
        Filing::End(end) => (end.as_str(), Some(end.why().to_owned()).filter(|why| !why.is_empty())),
    };
    Explanation {
        from: from.first().map(|a| one_line(&a.address)).filter(|a| !a.is_empty()),
        from_name: from.first().map(|a| one_line(&a.name)).filter(|name| !name.is_empty()),
        to: mail.recipients.iter().map(|a| one_line(&a.address)).collect(),
        subject: one_line(subject),
        message_id: message_id.as_ref().map(ToString::to_string),
        date: date.map(|d| d.to_string()),
        received: mail.received.map(|d| d.to_string()),
        forwarded: passed_on(mail, reading),
        claims_aws: reading.claims_aws,
        meaning_why: classify::meaning_why(reading, policy),
        confidence: confidence(reading, policy),
        own_id: own_id.as_ref().map(|o| o.id.to_string()),
        ending,
        ending_why,
        newest_text: cut(&classify::judged_words(mail, *trust), TEXT_MAX),
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
