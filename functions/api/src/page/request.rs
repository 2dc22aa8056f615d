//! `GET /requests/{id}`: whose turn, the clock, what to do, the facts, the thread, and the history with every alert.

use std::sync::Arc;

use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};

use super::forms::Forms;
use super::url::{self, Base};
use super::{Renewed, Shell, as_of, history, is_still, words};
use crate::App;
use crate::access::Caller;
use crate::history::{Event, MailEvent};
use crate::problem::Problem;
use crate::redact::seen_by;
use crate::request::shown;
use crate::view::{self, Detail};
use crate::waited::Waited;

/// What the page shows beside the request itself.
struct Frame<'a> {
    now: Timestamp,
    caller: &'a Caller,
    /// For who may write.
    forms: Option<Forms<'a>>,
    waited: Waited,
    /// The reader asked for a page that does not renew itself.
    still: bool,
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Extension(caller): Extension<Caller>,
) -> Result<Html<String>, Problem> {
    let shown = shown(&app, &id).await?;
    let now = app.now();
    let detail = view::detail(&shown.request, &shown.entries, &shown.alerts, &app.policy, now);
    let frame = Frame {
        now,
        caller: &caller,
        forms: Forms::of(&caller, shown.version)?,
        waited: Waited::of(&shown.request.steps, now),
        still: is_still(query.as_deref()),
    };
    Ok(render(&seen_by(&caller, detail), &frame))
}

fn render(detail: &Detail, frame: &Frame<'_>) -> Html<String> {
    let base = Base::of("/requests/id");
    let item = &detail.item;
    let content = html! {
        p.back { a href=(base.home()) { "All requests" } }
        h1 { "Request " (item.id) }
        p.subject { bdi { (item.subject) } }
        p.summary {
            (words::state(item)) @if item.turn.turn == "aws" { " AWS is silent" } " since " (words::time(&item.turn.since))
            @if let Some(seconds) = item.waiting_seconds { ", for " (words::duration(seconds)) }
        }
        (clock(detail))
        (split(frame.waited))
        (as_of(frame.now, frame.still, &base.request(&item.id), &base.request_still(&item.id)))
        (flags(detail))
        (what_to_do(detail, frame, &base))
        @if let Some(forms) = &frame.forms { (forms.others(&base, detail)) }
        (facts(detail, &base))
        (thread(detail))
        (history::list(&detail.history))
    };
    // Without the script it stays: a form that somebody writes in would be lost.
    let renewed = if frame.still { Renewed::Never } else { Renewed::InPlace };
    let title = format!("{} - port25", item.id);
    Shell { base: &base, title, caller: Some(frame.caller), now: Some(frame.now), renewed }.around(&content)
}

/// The bar of AWS's time, while it is AWS's turn.
fn clock(detail: &Detail) -> Markup {
    let (Some(passed), Some(end)) = (detail.item.waiting_seconds, &detail.item.overdue_at) else { return html! {} };
    let all = detail.item.deadline_seconds.max(1);
    let text = words::of_deadline(passed, all);
    html! {
        p.clock {
            meter min="0" max=(all) low=(all / 4 * 3) high=(all - 1) optimum="0" value=(passed.min(all)) aria-label="AWS's time" { (text) }
            " " (text) @if detail.item.overdue { ", over since " } @else { ", until " } (words::time_ago(end))
        }
    }
}

/// Who let whom wait, as words and as a bar of two parts.
fn split(waited: Waited) -> Markup {
    let Some(aws) = waited.aws_percent() else { return html! {} };
    html! {
        p.split {
            // The words beside it say the same.
            svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
                rect.of-aws x="0" y="0" width=(aws) height="10" {}
                rect.of-ours x=(aws) y="5" width=(100 - aws) height="5" {}
            }
            " Waited " (words::duration(waited.all().as_secs())) " in all: AWS's time " strong { (words::duration(waited.aws.as_secs())) }
            " (" (aws) " %), ours " strong { (words::duration(waited.ours.as_secs())) } " (" (100 - aws) " %)"
        }
    }
}

fn flags(detail: &Detail) -> Markup {
    html! {
        @if detail.item.tangled { p.flag { "A thread of it carries a second AWS id: read the thread with care." } }
        @if detail.item.unexpected { p.flag { "It names none of the configured accounts: it may be an outsider's." } }
        @if detail.item.dormant { p.flag { "It was old when it came, so there are no alerts until something new comes." } }
        @if let Some(hold) = &detail.hold { p.flag { "Repeats are held back (" (hold.act) ") until " (words::time(&hold.until)) "." } }
    }
}

fn what_to_do(detail: &Detail, frame: &Frame<'_>, base: &Base) -> Markup {
    let folded = match (detail.item.turn.turn, detail.item.turn.outcome) {
        ("aws", _) => "If AWS stays silent",
        (_, Some("denied")) => "How to appeal",
        _ => "If you must write again",
    };
    html! {
        section.to-do {
            h2 { "What to do" }
            p.step { (words::next(&detail.item)) }
            @if words::is_urgent(&detail.item) {
                @if detail.item.turn.turn == "ours" { p { a href=(url::place("mails")) { "Read AWS's mail" } " first, below." } }
                (how(detail, frame, base))
            } @else {
                details { summary { (folded) } (how(detail, frame, base)) }
            }
            p.next {
                "Next alert: "
                @match &detail.next_look { Some(at) => (words::time_ago(at)), None => "none" }
                " (" (detail.next_look_why) ")"
            }
        }
    }
}

fn how(detail: &Detail, frame: &Frame<'_>, base: &Base) -> Markup {
    let answer = &detail.answer;
    html! {
        @match answer.link.as_deref().and_then(url::console) {
            Some(link) => p { a href=(link) rel="noopener noreferrer" { "Open the case in Support Center" } " and answer it there." },
            None => p { bdi { (answer.instruction) } },
        }
        @if let Some(subject) = &answer.subject { p { "Its subject: " bdi { (subject) } } }
        @if let Some(draft) = &answer.draft {
            p { "A draft, to read before you send it (one click selects all of it):" }
            pre.draft { (draft) }
        }
        @if answer.eml {
            p { a href=(base.reply_mail(&detail.item.id)) download { "Download it as a mail (.eml)" } " to open in your mail program." }
        }
        // What is granted or closed has no clock to start again.
        @if !matches!(detail.item.turn.outcome, Some("approved" | "closed")) {
            @match &frame.forms {
                Some(forms) => (forms.replied(base, detail)),
                None => p { "After you sent it: " code { "port25 replied " (detail.item.id) } },
            }
        }
    }
}

fn facts(detail: &Detail, base: &Base) -> Markup {
    let item = &detail.item;
    html! {
        section {
            h2 { "Facts" }
            dl {
                dt { "AWS's ID" } dd { (item.aws_id.as_deref().unwrap_or("not known yet")) }
                @if let Some(key) = &item.key { dt { "Our key" } dd { (key) } }
                dt { "Account" } dd { (item.account.as_deref().unwrap_or("unknown")) }
                dt { "Region" } dd { (if item.regions.is_empty() { "unknown".to_owned() } else { item.regions.join(", ") }) }
                dt { "Kind" } dd { (words::family(item.family)) }
                dt { "Last update" } dd { (words::time(&item.last_update)) }
                @if let Some(trust) = item.last_trust { dt { "AWS's last mail" } dd { (words::trust(trust)) } }
                @for (name, text) in detail.facts.named() { dt { (name) } dd { bdi { (text) } } }
                @if !detail.mentions.is_empty() { dt { "Also named" } dd { (detail.mentions.join(", ")) } }
            }
            p { a href=(base.request_json(&item.id)) { "As JSON" } }
        }
    }
}

/// The newest mail and the one that made the turn lie open; the others are unfolded by their headings.
fn thread(detail: &Detail) -> Markup {
    let mails = detail.history.iter().rev().filter_map(|event| match event {
        Event::Mail(mail) => Some(mail),
        Event::Action(_) | Event::HoldEnded(_) | Event::Alert(_) => None,
    });
    html! {
        section {
            h2 #mails { "The mails, the newest first" }
            @if mails.clone().next().is_none() { p.hint { "No mail yet." } }
            @for (n, mail) in mails.enumerate() { (of_thread(mail, n == 0 || mail.at == detail.item.turn.since)) }
        }
    }
}

fn of_thread(mail: &MailEvent, open: bool) -> Markup {
    html! {
        article {
            details open[open] {
                summary { h3 { (words::meaning(mail.meaning)) @if mail.also_denied { ", and denies" } ", " (words::time(&mail.at)) } }
                p { "From " bdi { (mail.from) } " (" (words::trust(mail.trust)) ")" }
                p.subject { bdi { (mail.subject) } }
                @if let Some(why) = mail.did.effect_why { p.flag { "It changed nothing: " (why) "." } }
                @match &mail.excerpt {
                    Some(excerpt) => pre { bdi { (excerpt) } },
                    None => p.hint { "Its words are shown to sessions that may write." },
                }
                (evidence(mail))
            }
        }
    }
}

fn evidence(mail: &MailEvent) -> Markup {
    html! {
        @if !mail.evidence.is_empty() {
            details.evidence {
                summary { "Why it is read as “" (mail.meaning) "”" }
                @for e in &mail.evidence {
                    p { "Rule " code { (e.rule) } " matched " @if let Some(matched) = &e.matched { "“" bdi { (matched) } "” " } "in the " (words::place(e.r#where)) "." }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::alert::{Alert, AlertId, Cause, State as AlertState, Step};
    use domain::classify::{Limit, Meaning};
    use domain::policy::Policy;
    use domain::request::{Entry, fold};

    use store::Scope;

    use super::*;
    use crate::access::session::Open;
    use crate::sample::{at, mail, mail_with};

    fn text(entries: &[Entry], alerts: &[Alert], now: &str) -> String {
        text_for(Scope::Write, entries, alerts, now)
    }

    fn text_for(scope: Scope, entries: &[Entry], alerts: &[Alert], now: &str) -> String {
        let policy = Policy::default();
        let session = Some(Open { hash: "h".to_owned(), csrf: "the-secret".to_owned() });
        let caller = Caller { name: "<ann>".to_owned(), scope, session };
        let request = &fold(entries)[0];
        let waited = Waited::of(&request.steps, at(now));
        let frame = Frame { now: at(now), caller: &caller, forms: Forms::of(&caller, 7).unwrap(), waited, still: false };
        let detail = view::detail(request, entries, alerts, &policy, at(now));
        render(&seen_by(&caller, detail), &frame).0
    }

    #[test]
    fn an_overdue_request_says_what_to_do_and_which_alert_went_out() {
        let entries = [mail(1, Meaning::Received, "2026-11-20T10:02:00Z")];
        let id = AlertId { opening: entries[0].id.to_string(), cause: Cause::Overdue, step: Step::Nth(1) };
        let made = at("2026-11-22T10:03:00Z");
        let alert = Alert { id, state: AlertState::Sent { at: made }, standing: true, made, attempts: 1, skipped: 0 };
        let html = text(&entries, &[alert], "2026-11-22T13:02:00Z");
        for part in [
            "AWS is overdue",
            "51 h of 48 h, over since <span class=\"when\" data-ago><time datetime=\"2026-11-22T10:02:00Z\">2026-11-22 10:02Z</time>",
            "Reply to the mail of 2026-11-20 10:02Z from trustandsafety@support.aws.com",
            "<pre class=\"draft\">Hello,",
            "Alert <strong>“AWS is overdue”</strong> sent: <bdi>AWS did not answer within 48 hours after 2026-11-20 10:02Z</bdi>.",
            "<p class=\"step\">Remind AWS</p>",
            "Next alert: <span class=\"when\" data-ago><time datetime=\"2026-11-23T10:02:00Z\">",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn what_the_mails_name_is_among_the_facts() {
        let entries = [
            mail(1, Meaning::Received, "2026-11-20T10:02:00Z"),
            mail_with(2, Meaning::Approved, "2026-11-21T10:02:00Z", |m| {
                m.facts.addresses = vec!["203.0.113.5".parse().unwrap()];
                m.facts.limits = Limit::parse("70,000 messages per day").into_iter().collect();
            }),
        ];
        let html = text(&entries, &[], "2026-11-21T11:02:00Z");
        assert!(html.contains("<dt>Elastic IP</dt><dd><bdi>203.0.113.5</bdi></dd>"), "{html}");
        assert!(html.contains("<dt>Granted</dt><dd><bdi>70,000 messages per day</bdi></dd>"), "{html}");
        assert!(!html.contains("Reverse DNS"));
        let reason = |m: &mut domain::request::MailFact| m.facts.reason = Some("<b>It is because</b>".to_owned());
        let html = text(&[mail_with(1, Meaning::Denied, "2026-11-20T10:02:00Z", reason)], &[], "2026-11-21T11:02:00Z");
        assert!(html.contains("<dt>AWS's reason</dt><dd><bdi>&lt;b&gt;It is because"), "{html}");
    }

    #[test]
    fn what_a_mail_says_stays_text() {
        let hostile = "<img src=x onerror=alert(1)>\u{202E}";
        let entries = [mail_with(1, Meaning::Question, "2026-11-20T10:02:00Z", |m| {
            m.subject = hostile.into();
            m.excerpt = format!("</pre><script>{hostile}</script>");
            m.from = hostile.into();
            m.evidence[0].matched = hostile.into();
        })];
        let html = text(&entries, &[], "2026-11-20T11:02:00Z");
        assert!(!html.contains("<img") && html.matches("<script").count() == 1, "{html}");
        assert!(html.contains("<bdi>&lt;img src=x"));
    }

    #[test]
    fn what_waits_or_is_over_asks_for_nothing() {
        let waiting = [mail(1, Meaning::Received, "2026-11-20T10:02:00Z")];
        let html = text(&waiting, &[], "2026-11-20T11:02:00Z");
        assert!(html.contains("Nothing now: AWS has its time</p>") && html.contains("1 h of 48 h, until"), "{html}");
        let over = [mail(1, Meaning::Received, "2026-11-20T10:02:00Z"), mail(2, Meaning::Approved, "2026-11-20T12:02:00Z")];
        let html = text(&over, &[], "2026-11-20T13:02:00Z");
        assert!(html.contains("Nothing: it is settled</p>") && !html.contains("<meter"), "{html}");
    }

    #[test]
    fn forms_are_for_who_may_write_and_carry_what_they_need() {
        let entries = [mail(1, Meaning::Question, "2026-11-20T10:02:00Z")];
        let html = text(&entries, &[], "2026-11-20T11:02:00Z");
        for deed in ["replied", "ack", "snooze", "settle", "note"] {
            assert!(html.contains(&format!("action=\"../requests/170000000100123/{deed}\"")), "{deed} in {html}");
        }
        assert!(!html.contains("/reopen\"") && html.contains("bdi>&lt;ann&gt;"), "{html}");
        // Those five, and the one that ends the session.
        assert_eq!(html.matches("name=\"csrf\" value=\"the-secret\"").count(), 6);
        assert_eq!(html.matches("name=\"version\" value=\"7\"").count(), 5);
        let keys: std::collections::BTreeSet<&str> =
            html.split("name=\"key\" value=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        assert_eq!(keys.len(), 5, "each has its own: {keys:?}");
        let reader = text_for(Scope::Read, &entries, &[], "2026-11-20T11:02:00Z");
        assert!(!reader.contains("class=\"deed\"") && reader.contains("port25 replied"), "{reader}");
        let over = text(&[mail(1, Meaning::Approved, "2026-11-20T10:02:00Z")], &[], "2026-11-20T11:02:00Z");
        assert!(over.contains("/reopen\"") && !over.contains("/ack\"") && !over.contains("/replied\""), "{over}");
    }

    #[test]
    fn the_wait_is_split_between_aws_and_us() {
        let entries = [mail(1, Meaning::Received, "2026-11-20T00:00:00Z"), mail(2, Meaning::Question, "2026-11-21T06:00:00Z")];
        let html = text(&entries, &[], "2026-11-21T16:00:00Z");
        assert!(
            html.contains("Waited 40 h 0 min in all: AWS's time <strong>30 h 0 min</strong> (75 %), ours <strong>10 h 0 min</strong>"),
            "{html}"
        );
        assert!(html.contains("<rect class=\"of-aws\" x=\"0\" y=\"0\" width=\"75\""), "{html}");
    }
}
