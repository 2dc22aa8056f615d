//! The one ID that a mail is about, and the mentions: all others, which are shown and never a link.
//!
//! AWS's ID is taken only from anchored places. Runs of digits are everywhere in such mail: account IDs, telephone numbers,
//! ARNs, the request IDs of quoted API errors.

use std::collections::BTreeSet;

use super::needles::Needles;
use super::subject::Subject;
use super::{Family, OwnId, Place};
use crate::ids::{AccountId, AwsId};
use crate::mail::{Link, Mail};
use crate::trust::Trust;

/// Mentions kept of one mail.
pub(super) const MAX_MENTIONS: usize = 20;
/// White space and punctuation between "request ID" and the ID, in bytes.
const MAX_SPACE: usize = 40;
/// A line at least this long that ends inside an ID was wrapped there; mail is wrapped at 72 to 78 columns.
const WRAPPED_LINE: usize = 66;

/// Finds the own ID and the mentions.
pub(super) fn find(
    mail: &Mail,
    subject: &Subject<'_>,
    family: Family,
    trust: Trust,
    account: Option<&AccountId>,
) -> (Option<OwnId>, Vec<AwsId>) {
    let newest = anchored(&mail.newest);
    let quoted = anchored(&mail.quoted);
    let is_account = |id: &AwsId| account.is_some_and(|a| a.as_str() == id.as_str());
    let own = own(mail, subject, family, trust, [&newest, &quoted], &is_account);
    let mut seen: BTreeSet<AwsId> = own.iter().map(|o| o.id.clone()).collect();
    let title = subject.token.as_ref().map_or(subject.whole, |t| t.title);
    let mentions = subject
        .id()
        .cloned()
        .into_iter()
        .chain(anchored(title).into_iter().map(|a| a.id))
        .chain(newest.into_iter().map(|a| a.id))
        .chain(mail.links.iter().filter_map(link_id))
        .chain(quoted.into_iter().map(|a| a.id))
        .filter(|id| !is_account(id) && seen.insert(id.clone()))
        .take(MAX_MENTIONS)
        .collect();
    (own, mentions)
}

fn own(
    mail: &Mail,
    subject: &Subject<'_>,
    family: Family,
    trust: Trust,
    [newest, quoted]: [&[Anchored]; 2],
    is_account: &dyn Fn(&AwsId) -> bool,
) -> Option<OwnId> {
    // Other people's words and mail that is no part of a request are about nothing.
    if matches!(family, Family::AlertEcho | Family::Carrier | Family::Notice) {
        return None;
    }
    if let Some(id) = subject.id() {
        return Some(OwnId { id: id.clone(), place: Place::Subject });
    }
    // What our own people write names other requests as easily as this one.
    if trust == Trust::Own {
        return None;
    }
    // The last footer link: AWS's own boilerplate stands below all text that it carries.
    if let Some(id) = mail.links.iter().rev().filter(|l| l.footer && !l.quoted).find_map(link_id) {
        return Some(OwnId { id, place: Place::Link });
    }
    if !family.answered_by_mail() {
        return None;
    }
    // The form has no title that anybody could type: "Your request (Request ID: n)". A reply's subject can be anybody's, so it
    // is no more than a place in the text.
    if family == Family::Port25
        && subject.token.is_none()
        && let Some(id) = {
            let named = anchored(subject.whole).into_iter().find(|a| a.strong && !is_account(&a.id));
            named.map(|a| a.id).or_else(|| bracketed(subject.whole))
        }
    {
        return Some(OwnId { id, place: Place::Header });
    }
    let first = |found: &[Anchored]| {
        let usable = || found.iter().filter(|a| !is_account(&a.id));
        usable().find(|a| a.strong).or_else(|| usable().next()).map(|a| a.id.clone())
    };
    first(newest)
        .map(|id| OwnId { id, place: Place::Newest })
        .or_else(|| if mail.thread.is_empty() { first(quoted).map(|id| OwnId { id, place: Place::Quoted }) } else { None })
}

/// Whether a mail's footer links to Support Center, with or without an ID: part of a Support case's structure.
pub(super) fn has_support_footer(mail: &Mail) -> bool {
    mail.links.iter().any(|l| l.footer && !l.quoted && support_query(&l.href).is_some())
}

/// The ID in a link to Support Center.
fn link_id(link: &Link) -> Option<AwsId> {
    let query = support_query(&link.href)?;
    let lower = query.to_ascii_lowercase();
    let at = ["displayid=", "caseid="].iter().find_map(|name| lower.find(name).map(|at| at + name.len()))?;
    let value = &query[at..];
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(value.len());
    AwsId::parse(&value[..end])
}

/// What follows `https://console.aws.amazon.com/support`, also of a Region's console and behind Amazon's click tracking.
fn support_query(href: &str) -> Option<String> {
    let host_of =
        |url: &str| url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase());
    let host = host_of(href)?;
    let decoded = percent_decoded(href);
    let target = if host.ends_with(".awstrack.me") { decoded.split_once("/L0/").map(|(_, target)| target.to_owned())? } else { decoded };
    let host = host_of(&target)?;
    let console = host == "console.aws.amazon.com" || host.ends_with(".console.aws.amazon.com") || host == "support.console.aws.amazon.com";
    let path = target.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path.to_owned())?;
    (console && path.starts_with("support")).then_some(path)
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (first, hex(tail.first()), hex(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => out.push(first),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An ID behind an anchor, and whether the anchor leaves no doubt ("request ID", not only "case").
struct Anchored {
    id: AwsId,
    strong: bool,
}

/// Words that an ID may stand behind.
const ANCHORS: &[&str] =
    &["request", "case", "reference", "ticket", "リクエスト", "ケース", "受付", "申請", "お問い合わせ", "お問合せ", "参照"];
static ANCHOR: Needles = Needles::new(ANCHORS);

/// The IDs that a text names as such, in order.
fn anchored(text: &str) -> Vec<Anchored> {
    let mut found = Vec::new();
    // An ID has digits, and most subjects have none.
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return found;
    }
    let lower = text.to_ascii_lowercase();
    for (start, number) in ANCHOR.places(text) {
        let anchor = ANCHORS.get(number).copied().unwrap_or_default();
        let (before, rest) = (&lower[..start], &lower[start + anchor.len()..]);
        let in_word = before.ends_with(|c: char| c.is_ascii_alphanumeric()) || rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        if in_word || (anchor == "case" && ends_with_use(before)) {
            continue;
        }
        if anchor == "case" && rest.starts_with('-') {
            found.extend(api_form(&lower[start..]).map(|id| Anchored { id, strong: true }));
            continue;
        }
        let (strong, rest) = qualified(rest);
        found.extend(id_at(&lower, lower.len() - rest.len(), strong).map(|id| Anchored { id, strong }));
    }
    found
}

/// The digits that alone stand in brackets, in the form of a display ID: "Reverse DNS \[172300000000111\]".
fn bracketed(subject: &str) -> Option<AwsId> {
    let inside = subject.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(inside, _)| inside.trim());
    inside.filter(|text| is_display_id(text)).find_map(AwsId::parse)
}

/// The forms of a display ID: never an account, a telephone number or a date.
fn is_display_id(text: &str) -> bool {
    matches!(text.len(), 9..=11 | 15) && text.bytes().all(|b| b.is_ascii_digit())
}

/// "A use case 12": not AWS's case.
fn ends_with_use(before: &str) -> bool {
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(MAX_SPACE))..];
    let rest = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).strip_suffix("use");
    rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Passes over "ID", "number", "no.", "番号" or "#" behind an anchor, and says whether one stood there.
fn qualified(rest: &str) -> (bool, &str) {
    let trimmed = rest.trim_start_matches([' ', '\n', '\t', '-', '_']);
    if rest.len() - trimmed.len() > 4 {
        return (false, rest);
    }
    for word in ["ids", "id", "numbers", "number", "nr.", "nr", "no.", "no", "番号", "#"] {
        if let Some(after) = trimmed.strip_prefix(word)
            && (word.ends_with(['#', '.', '号']) || !after.starts_with(|c: char| c.is_alphanumeric()))
        {
            return (true, after);
        }
    }
    (false, rest)
}

/// The ID that stands at a place, behind white space, punctuation and "is".
fn id_at(text: &str, begin: usize, strong: bool) -> Option<AwsId> {
    let filler = |c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | 'は' | '「' | '【' | '#' | '=' | '*' | '(' | '[' | '"' | '\'' | '|' | '>' | '-' | '`')
    };
    let rest = text[begin..].trim_start_matches(filler);
    let rest = rest.strip_prefix("is").filter(|r| r.starts_with(filler)).map_or(rest, |r| r.trim_start_matches(filler));
    let start = text.len() - rest.len();
    if start - begin > MAX_SPACE {
        return None;
    }
    if rest.starts_with("case-") {
        return api_form(rest);
    }
    let run = id_run(text, start);
    // Behind a mere "case" or "request" only the forms of a display ID.
    let shape = if strong { run.bytes().any(|b| b.is_ascii_digit()) && !is_false_friend(&run) } else { is_display_id(&run) };
    if shape { AwsId::parse(&run) } else { None }
}

/// The characters of an ID from `start`, joined where the line was wrapped inside it.
fn id_run(text: &str, start: usize) -> String {
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let length = |from: usize| text[from..].find(|c: char| !is_id(c)).unwrap_or(text.len() - from);
    let first = length(start);
    let mut run = text[start..start + first.min(80)].trim_end_matches('-').to_owned();
    let end = start + first;
    // Only as far back as the question needs: a line of a megabyte must not be walked once per ID in it.
    let line = text.as_bytes()[..end].iter().rev().take(WRAPPED_LINE).take_while(|b| **b != b'\n').count();
    let whole = matches!(run.len(), 9..=11 | 15);
    if text[end..].starts_with('\n') && line >= WRAPPED_LINE && !whole && run.bytes().all(|b| b.is_ascii_digit()) {
        let more = length(end + 1);
        let tail = &text[end + 1..end + 1 + more.min(80)];
        if !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit()) {
            run.push_str(tail);
        }
    }
    run
}

/// `case-<12-digit account>-<letters>-<year>-<16 hex>`.
fn api_form(text: &str) -> Option<AwsId> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
    let run = &text[..end.min(61)];
    let groups: Vec<&str> = run.split('-').collect();
    match groups.as_slice() {
        ["case", account, _, year, hex] if AccountId::parse(account).is_some() && year.len() == 4 && hex.len() >= 8 => AwsId::parse(run),
        _ => None,
    }
}

/// Dashed digits that are a telephone number, an account, or a date.
fn is_false_friend(run: &str) -> bool {
    if !run.contains('-') || !run.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return false;
    }
    let lengths: Vec<usize> = run.split('-').map(str::len).collect();
    matches!(lengths.as_slice(), [3, 3, 4] | [1 | 2, 3, 3, 4] | [4, 4, 4] | [4, 2, 2] | [2, 2, 4] | [1 | 2, 3, 4, 4])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        anchored(text).into_iter().map(|a| a.id.to_string()).collect()
    }

    fn own_of(headers: &str, body: &str, family: Family, trust: Trust) -> Option<(String, Place)> {
        let mail = crate::mail::read(format!("From: a@b.example\n{headers}\n\n{body}").as_bytes());
        find(&mail, &Subject::of(&mail.subject), family, trust, None).0.map(|o| (o.id.to_string(), o.place))
    }

    #[test]
    fn anchored_ids_are_found_however_they_are_written() {
        for text in [
            "Your request ID: 172345678900123.",
            "request ID is 172345678900123",
            "REQUEST ID\n172345678900123",
            "Case Number - 172345678900123",
            "(Case ID #172345678900123)",
            "case 172345678900123 has been opened",
            "Reference number: 172345678900123,",
            "Reference: 172345678900123",
            "your request 172345678900123 has been approved",
            "リクエスト ID: 172345678900123",
            "ケース番号：172345678900123",
            "お問い合わせ番号は 172345678900123 です",
            "this is a line of text that is long enough to be wrapped, request ID 1723456\n78900123 and more",
        ] {
            assert_eq!(ids(text), ["172345678900123"], "{text}");
        }
        assert_eq!(ids("see case-111122223333-muen-2026-0123456789abcdef now"), ["case-111122223333-muen-2026-0123456789abcdef"]);
        assert_eq!(ids("Request ID: PORT25-12345-EU"), ["port25-12345-eu"]);
    }

    #[test]
    fn the_forms_subject_names_its_id_in_brackets_too() {
        for subject in ["Reverse DNS [172345678900123]", "Account [111122223333] reverse DNS [172345678900123]"] {
            let found = own_of(&format!("Subject: {subject}"), "Hello.", Family::Port25, Trust::Verified);
            assert_eq!(found, Some(("172345678900123".to_owned(), Place::Header)), "{subject}");
        }
        for subject in ["Reverse DNS [111122223333]", "Reverse DNS [smtp]", "Reverse DNS ]172345678900123["] {
            assert_eq!(own_of(&format!("Subject: {subject}"), "Hello.", Family::Port25, Trust::Verified), None, "{subject}");
        }
        let account = AccountId::parse("111122223333");
        let mail = crate::mail::read(b"From: a@b.example\nSubject: Your request ID 111122223333 [172345678900123]\n\nHello.");
        let (own, _) = find(&mail, &Subject::of(&mail.subject), Family::Port25, Trust::Verified, account.as_ref());
        assert_eq!(own.map(|own| own.id.to_string()).as_deref(), Some("172345678900123"));
    }

    #[test]
    fn false_friends_are_not() {
        for text in [
            "account 111122223333",
            "case 111122223333",
            "Request ID: 0f8fad5b-d9cb-469f-a165-70867728950e",
            "in any case 1-800-555-0100",
            "reference number 1-800-555-0100",
            "case number: 2026-11-20",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
            "172345678900123",
            "use case: 1 2 3",
            "request IDs are long",
            "your case. 40000000000 mails",
            "our use case: 40000000000 mails",
        ] {
            assert_eq!(ids(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_order_of_places_is_the_design_s() {
        let footer = "To contact us again about this case please use the following URL:\n\
         https://console.aws.amazon.com/support/home#/case/?displayId=172300000000222&language=en";
        let body = format!("Hello, request ID: 172300000000333\n{footer}\n> request ID: 172300000000444");
        let found = |headers: &str, body: &str, family| {
            own_of(headers, body, family, Trust::Verified).map(|(id, place)| (id[12..].to_owned(), place))
        };
        assert_eq!(
            found("Subject: RE:[CASE 172300000000111] case 172300000000999", &body, Family::Port25),
            Some(("111".into(), Place::Subject))
        );
        assert_eq!(found("Subject: x", &body, Family::Port25), Some(("222".into(), Place::Link)));
        let body = "Hello, request ID: 172300000000333\n> request ID: 172300000000444";
        assert_eq!(found("Subject: x", body, Family::Port25), Some(("333".into(), Place::Newest)));
        assert_eq!(found("Subject: x", body, Family::SupportCase), None);
        let body = "Hello\n> request ID: 172300000000444";
        assert_eq!(found("Subject: x", body, Family::Port25), Some(("444".into(), Place::Quoted)));
        assert_eq!(found("Subject: x\nReferences: <a@b>", body, Family::Port25), None);
    }

    #[test]
    fn our_own_mail_and_carried_words_are_about_nothing_but_their_subject() {
        let body = "request ID: 172300000000333";
        assert_eq!(own_of("Subject: x", body, Family::Port25, Trust::Own), None);
        assert!(own_of("Subject: Re: RE:[CASE 172300000000111] x", body, Family::SupportCase, Trust::Own).is_some());
        assert_eq!(own_of("Subject: RE:[CASE 172300000000111] x", body, Family::Carrier, Trust::Verified), None);
    }

    #[test]
    fn a_form_s_subject_names_its_id_behind_other_words_and_a_title_never() {
        let of = |subject: &str, family| own_of(&format!("Subject: {subject}"), "x", family, Trust::Verified);
        let form = "Your request to remove email sending limitations [Request ID: 172300000000111]";
        assert_eq!(of(form, Family::Port25), Some(("172300000000111".into(), Place::Header)));
        assert_eq!(of(form, Family::SupportCase), None);
        assert_eq!(of("RE:[CASE ?] my title, request ID 172300000000111", Family::Port25), None);
    }

    #[test]
    fn only_links_to_the_console_count() {
        let id = |href: &str| link_id(&Link { href: href.to_owned(), quoted: false, footer: true }).map(|id| id.to_string());
        for good in [
            "https://console.aws.amazon.com/support/home#/case/?displayId=172300000000222&language=en",
            "https://eu-west-1.console.aws.amazon.com/support/home?region=eu-west-1#/case/?displayId%3D172300000000222",
            "https://x.r.us-east-1.awstrack.me/L0/https:%2F%2Fconsole.aws.amazon.com%2Fsupport%2Fcases%23%2F172%3FcaseId=172300000000222/1/010",
        ] {
            assert_eq!(id(good).as_deref(), Some("172300000000222"), "{good}");
        }
        for bad in [
            "https://console.aws.amazon.com.evil.example/support/home#/case/?displayId=172300000000222",
            "https://evil.example/?u=https://console.aws.amazon.com/support/?displayId=172300000000222",
            "https://console.aws.amazon.com@evil.example/support/?displayId=172300000000222",
            "https://console.aws.amazon.com/billing?displayId=172300000000222",
        ] {
            assert_eq!(id(bad), None, "{bad}");
        }
    }
}
