//! `GET /quarantine`: the mails that nothing proves, each with what people can say of it; `POST /quarantine/{mail}/…` takes that.

use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::response::{Html, Response};
use domain::classify::Meaning;
use jiff::Timestamp;
use maud::{Markup, html};

use super::forms::{Forms, why};
use super::url::Base;
use super::{Shell, deeds, words};
use crate::App;
use crate::access::Caller;
use crate::access::login::to;
use crate::access::session::Form;
use crate::act::{self, ActError, Word};
use crate::problem::Problem;
use crate::quarantine::{Quarantine, QuarantineError, Quarantined, decide, page};
use crate::redact::seen_by;

/// Mails of one page.
const PAGE: usize = 50;
/// What a released mail can count as.
const MEANINGS: [Meaning; 8] = [
    Meaning::Question,
    Meaning::Approved,
    Meaning::Denied,
    Meaning::Received,
    Meaning::Progress,
    Meaning::Unclear,
    Meaning::Ours,
    Meaning::Note,
];

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Query(query): Query<Vec<(String, String)>>,
    Extension(caller): Extension<Caller>,
) -> Result<Html<String>, Problem> {
    let from = query.iter().find(|(name, _)| name == "from").map(|(_, value)| value.as_str());
    let listed = page(&app.store, from, PAGE, app.now()).await.map_err(|error| match error {
        QuarantineError::Place(_) => Problem::cursor(),
        QuarantineError::Store(error) => Problem::store(error),
    })?;
    let listed = Quarantine { items: seen_by(&caller, listed.items), ..listed };
    let forms = Forms::of(&caller, 0)?;
    Ok(render(&listed, &caller, forms.as_ref(), app.now()))
}

/// The mail counts as what its reader says.
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    Path(mail): Path<String>,
    Extension(caller): Extension<Caller>,
    form: Form,
) -> Result<Response, Problem> {
    let meaning = form.field("meaning").and_then(Meaning::parse).filter(|meaning| MEANINGS.contains(meaning));
    let meaning = meaning.ok_or_else(|| Problem::field("Choose what the mail is."))?;
    let request = match form.field("request") {
        Some(name) => Some(act::belongs(&app.store, name).await.map_err(|error| refused(error, &mail))?),
        None => None,
    };
    let word = Word { meaning: Some(meaning), request, ..word(&form, &caller)? };
    let judged = decide(&app, &mail, &word).await?;
    let base = Base::of("/quarantine/mail/release");
    Ok(to(&judged.requests.first().map_or_else(|| base.quarantine(), |id| base.request(id)), None))
}

/// The mail is none of ours.
pub(crate) async fn dismiss(
    State(app): State<Arc<App>>,
    Path(mail): Path<String>,
    Extension(caller): Extension<Caller>,
    form: Form,
) -> Result<Response, Problem> {
    let word = Word { meaning: Some(Meaning::Irrelevant), ..word(&form, &caller)? };
    decide(&app, &mail, &word).await?;
    Ok(to(&Base::of("/quarantine/mail/dismiss").quarantine(), None))
}

fn word(form: &Form, caller: &Caller) -> Result<Word, Problem> {
    let key = Some(deeds::key(form, caller)?);
    Ok(Word { meaning: None, request: None, by: caller.by(None), why: form.field("why").map(str::to_owned), key, expected: None })
}

fn refused(error: ActError, mail: &str) -> Problem {
    match error {
        ActError::UnknownRequest(_) => {
            Problem::field("No request answers to that: give its ID, our p25- key or a Message-ID of it, or new for a request of its own.")
        }
        error => Problem::act(error, mail),
    }
}

fn render(listed: &Quarantine, caller: &Caller, forms: Option<&Forms<'_>>, now: Timestamp) -> Html<String> {
    let base = Base::of("/quarantine");
    let content = html! {
        p.back { a href=(base.home()) { "All requests" } }
        h1 { "Quarantine" }
        @if listed.items.is_empty() {
            p { "Nothing is here: every mail that came was proven, or was not about a request. Nothing to do." }
        } @else {
            p.hint { (super::home::UNPROVEN) }
        }
        @for (n, mail) in listed.items.iter().enumerate() { (one(n, mail, forms, &base)) }
        @if let Some(next) = &listed.next { p.more { a href=(base.quarantine_from(next)) { "Older ones" } } }
    };
    let shell = Shell { caller: Some(caller), now: Some(now), ..Shell::of(&base, "Quarantine - port25".to_owned()) };
    shell.around(&content)
}

fn one(n: usize, mail: &Quarantined, forms: Option<&Forms<'_>>, base: &Base) -> Markup {
    html! {
        article #(mail.id) {
            h2 { bdi { (subject(&mail.subject)) } }
            @if mail.names_open { p.flag { "It named an open request." } }
            p { "From " bdi { (mail.from) } ", came " (words::time_ago(&mail.stored)) }
            p { "Kept apart: " bdi { (mail.why) } "." }
            @if let Some(forms) = forms {
                details {
                    summary { "Release or dismiss it" }
                    div.cards {
                        div {
                            h3 { "Release" }
                            p.hint { "You have looked into the mailbox: it is really from whom it says. It counts from now on." }
                            (forms.verdict(base, &mail.id, "release", &fields(n), "Release it"))
                        }
                        div {
                            h3 { "Dismiss" }
                            p.hint { "It is none of ours: it leaves the quarantine and changes nothing." }
                            (forms.verdict(base, &mail.id, "dismiss", &why(&format!("dismiss-why-{n}")), "Dismiss it"))
                        }
                    }
                }
            }
        }
    }
}

fn fields(n: usize) -> Markup {
    let (meaning, request) = (format!("meaning-{n}"), format!("request-{n}"));
    html! {
        label for=(meaning) { "What it is" }
        select #(meaning) name="meaning" required {
            option value="" { "choose" }
            @for meaning in MEANINGS { option value=(meaning.as_str()) { (words::meaning(meaning.as_str())) } }
        }
        label for=(request) { "Request, if not where it leads by itself" }
        input #(request) type="text" name="request" maxlength="250" autocomplete="off" placeholder="an ID, or new";
        (why(&format!("release-why-{n}")))
    }
}

/// A subject as a heading or link needs it: something.
pub(super) fn subject(subject: &str) -> &str {
    if subject.is_empty() { "(no subject)" } else { subject }
}
