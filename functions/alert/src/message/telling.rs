//! What an alert about a request says, before it takes a form.

use domain::alert::{Alert, Cause, Next, Planned, State, Step, next};
use domain::policy::Policy;
use domain::reply::{Channel, channel, text as draft_text};
use domain::request::{Entry, Fact, HoldEnd, MailFact, Outcome, Request, Turn, known};
use domain::text::{clean, cut, one_line};
use domain::trust::Trust;
use jiff::Timestamp;

use super::reader::Reader;

/// How much of AWS's words an alert quotes, in bytes.
const QUOTE_MAX: usize = 1_200;
/// The longest draft that an alert carries, in bytes; longer ones are in the API.
const DRAFT_MAX: usize = 6 * 1024;
/// The longest line of facts, in bytes.
const FACT_MAX: usize = 600;

/// An alert about a request, and everything that is known.
pub(super) struct Occasion<'a> {
    pub request: &'a Request,
    pub entries: &'a [Entry],
    pub alerts: &'a [Alert],
    pub planned: &'a Planned,
    pub policy: &'a Policy,
    pub now: Timestamp,
}

/// What it says, in the order in which it is read.
pub(super) struct Telling {
    /// One line: what to do, and where.
    pub to_do: String,
    /// The same for a telephone, English.
    pub short: String,
    /// Why people hear of it now.
    pub why: Vec<String>,
    /// AWS's words.
    pub quote: Option<Headed>,
    /// Lines of facts.
    pub facts: Vec<String>,
    /// What settles it, what holds it back, when the next alert comes, how far AWS's last mail is believed.
    pub after: Vec<String>,
    /// When the next alert comes.
    pub next: Option<Next>,
    /// A draft.
    pub draft: Option<Headed>,
    /// Where an answer goes.
    pub channel: Channel,
}

/// Words with a line above them.
pub(super) struct Headed {
    pub head: String,
    pub text: String,
}

impl Occasion<'_> {
    pub(super) const fn cause(&self) -> Cause {
        self.planned.id.cause
    }

    pub(super) fn resolved(&self) -> bool {
        self.planned.id.step == Step::Resolved
    }

    /// The entry that opened what it is about.
    pub(super) fn opening(&self) -> Option<&Entry> {
        self.entries.iter().find(|e| e.id.as_str() == self.planned.id.opening)
    }

    /// The mail that opened it, if a mail did.
    pub(super) fn mail(&self) -> Option<&MailFact> {
        self.opening().and_then(Entry::mail)
    }

    /// Whole hours of the present turn.
    pub(super) fn hours(&self) -> i64 {
        self.now.duration_since(self.request.turn.since()).as_hours().max(0)
    }

    /// The hours that the subject shows.
    pub(super) fn shown_hours(&self) -> Option<i64> {
        (self.cause() == Cause::Overdue && !self.resolved()).then(|| self.hours())
    }

    /// The request on the page. Its ID is letters, digits and dashes.
    pub(super) fn link(&self) -> Option<String> {
        self.policy.page.as_ref().map(|page| format!("{page}requests/{}", self.request.id))
    }

    /// News of an entry that something later has overtaken: it is told, and nobody has to act on it.
    pub(super) fn history(&self) -> bool {
        match self.cause() {
            Cause::OurTurn => !matches!(self.request.turn, Turn::Ours { .. }),
            Cause::Denied => !matches!(self.request.turn, Turn::Settled { outcome: Outcome::Denied, .. }),
            _ => false,
        }
    }

    /// The alert after this one. What this sweep sends beside it counts as sent.
    fn next(&self) -> Option<Next> {
        let sent = |alert: Alert| Alert { state: State::Sent { at: self.now }, attempts: alert.attempts.max(1), ..alert };
        let others = self.alerts.iter().filter(|a| a.id != self.planned.id).map(|a| match a.state {
            State::Sending { .. } => sent(a.clone()),
            _ if a.claimable(self.now) => sent(a.clone()),
            _ => a.clone(),
        });
        let all: Vec<Alert> = others.chain([sent(self.planned.pending(self.now))]).collect();
        next(self.request, &all, self.policy).filter(|next| next.at > self.now)
    }

    /// The acknowledgement or snooze that has ended since people last heard of this request.
    fn ended_hold(&self, reader: &Reader<'_>) -> Option<String> {
        let of_it = |a: &&Alert| a.id != self.planned.id && self.request.steps.iter().any(|s| s.entry.as_str() == a.id.opening);
        let heard = self.alerts.iter().filter(of_it).filter_map(|a| match a.state {
            State::Sent { at } => Some(at),
            _ => None,
        });
        let heard = heard.filter(|at| *at < self.now).max();
        let ended = self.request.holds_ended(self.now);
        let last = ended.last().filter(|ended| heard.is_none_or(|heard| ended.at > heard))?;
        let woken = match &last.why {
            HoldEnd::Replaced(_) => return None,
            HoldEnd::ByItself => None,
            HoldEnd::Woken(by) => {
                let mail = self.entries.iter().find(|e| e.id == *by).and_then(Entry::mail);
                Some(mail.is_some_and(|mail| mail.trust != Trust::Own))
            }
        };
        let by = self.entries.iter().find(|e| e.id == last.by).and_then(|e| match &e.fact {
            Fact::Action(action) => Some(cut(&one_line(&action.by), 60)),
            Fact::Mail(_) => None,
        })?;
        Some(reader.hold_ended(last.snooze, &by, woken, last.at))
    }

    fn quotes(&self) -> bool {
        !self.resolved() && self.cause() != Cause::Overdue
    }

    /// Whether somebody is to write to AWS now.
    fn drafts(&self) -> bool {
        !self.resolved() && !self.history() && matches!(self.cause(), Cause::Overdue | Cause::OurTurn | Cause::Denied)
    }

    /// Whether it is repeated until somebody does something.
    fn repeats(&self) -> bool {
        let kind = matches!(self.cause(), Cause::Overdue | Cause::OurTurn | Cause::Unclear | Cause::Confirm);
        kind && self.planned.standing && !self.resolved()
    }
}

/// What an alert says.
pub(super) fn telling(occasion: &Occasion<'_>, reader: &Reader<'_>) -> Telling {
    let channel = channel(occasion.request, occasion.entries, occasion.policy);
    let mut why = vec![reader.why(occasion)];
    if !occasion.resolved() {
        why.extend(outcome(occasion, reader));
        why.extend(occasion.ended_hold(reader));
    }
    if occasion.planned.skipped > 0 {
        why.push(reader.skipped(occasion.planned.skipped));
    }
    let quote = occasion.mail().filter(|_| occasion.quotes()).map(|mail| Headed {
        head: reader.aws_wrote(occasion.opening().map(|e| e.at), &fact_line(&mail.subject)),
        text: cut(&clean(&mail.excerpt), QUOTE_MAX),
    });
    let next = if occasion.resolved() { None } else { occasion.next() };
    let link = occasion.link();
    let mut after: Vec<String> = link.iter().map(|link| reader.on_the_page(link)).collect();
    after.extend(reader.commands(occasion));
    if occasion.repeats() {
        after.push(reader.hold_back(occasion.request.id.as_str()));
    }
    after.extend(next.as_ref().map(|next| reader.next_alert(next)));
    after.extend(occasion.request.last_trust.map(|trust| reader.trust(trust)));
    let draft = occasion.drafts().then(|| Headed {
        head: reader.a_draft(),
        text: cut(&clean(&draft_text(occasion.request, occasion.entries, occasion.policy, occasion.now)), DRAFT_MAX),
    });
    Telling {
        to_do: fact_line(&reader.to_do(occasion, &channel)),
        short: short(occasion, &channel),
        why: why.into_iter().filter(|line| !line.is_empty()).map(|line| fact_line(&line)).collect(),
        quote,
        facts: facts(occasion, reader).iter().map(|line| fact_line(line)).collect(),
        after: after.iter().map(|line| fact_line(line)).collect(),
        next,
        draft,
        channel,
    }
}

/// One line that can do no harm, whatever a mail wrote into it.
pub(super) fn fact_line(text: &str) -> String {
    cut(&one_line(text), FACT_MAX)
}

/// What an approval grants, and why a denial was one: the first thing to know of them.
fn outcome(occasion: &Occasion<'_>, reader: &Reader<'_>) -> Option<String> {
    let known = known(occasion.request, occasion.entries);
    match occasion.cause() {
        Cause::Approved => Some(texts(&known.limits, "; ")).filter(|limits| !limits.is_empty()).map(|limits| reader.granted(&limits)),
        Cause::Denied => known.reason.map(|reason| reader.reason(&reason)),
        _ => None,
    }
}

fn facts(occasion: &Occasion<'_>, reader: &Reader<'_>) -> Vec<String> {
    let Occasion { request, entries, .. } = occasion;
    let known = known(request, entries);
    let regions: Vec<&str> = request.regions.iter().map(|r| r.as_str()).collect();
    let mut facts = reader.request_facts(request, &regions.join(", "));
    facts.extend(reader.names(&texts(&known.addresses, ", "), &texts(&known.names, ", "), &texts(&known.resources, ", ")));
    // An approval and a denial have said theirs already.
    if !matches!(occasion.cause(), Cause::Approved | Cause::Denied) || occasion.resolved() {
        facts.extend(Some(texts(&known.limits, "; ")).filter(|limits| !limits.is_empty()).map(|limits| reader.granted(&limits)));
        facts.extend(known.reason.map(|reason| reader.reason(&reason)));
    }
    facts.extend(request.tangled.then(|| reader.tangled()));
    facts
}

pub(super) fn texts<T: ToString>(things: &[T], between: &str) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// What to do, for a telephone. English: the alphabet of an SMS has no Japanese.
fn short(occasion: &Occasion<'_>, channel: &Channel) -> String {
    let answer = match channel {
        Channel::Mail { sent, mailbox, .. } => {
            let from = mailbox.as_deref().map(|m| format!(" from {m}")).unwrap_or_default();
            format!("reply to AWS's mail of {}{from}", domain::reply::minute(*sent))
        }
        Channel::SupportCenter { .. } => "answer in Support Center".to_owned(),
        Channel::Nowhere(_) => "no mail to answer, see port25 show".to_owned(),
    };
    match occasion.cause() {
        _ if occasion.resolved() => "nothing to do, it has ended".to_owned(),
        _ if occasion.history() => "nothing to do any more".to_owned(),
        Cause::Overdue | Cause::OurTurn => answer,
        Cause::Unclear => "read AWS's mail and say what it means".to_owned(),
        Cause::Confirm => "read AWS's mail and confirm it".to_owned(),
        Cause::Approved => "nothing to do, AWS granted it".to_owned(),
        Cause::Denied => format!("to appeal, {answer}"),
        Cause::Unexpected => "check whether it is ours".to_owned(),
        // These are about no request.
        Cause::Quarantine | Cause::Dormant | Cause::System | Cause::Test => String::new(),
    }
}
