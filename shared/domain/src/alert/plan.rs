//! Which alerts are owed, and what a sweep does with a bundle now. Pure: requests, alerts, policy and `now` in, a plan out.

use jiff::{SignedDuration, Timestamp};

use super::{Alert, AlertId, Cause, State, Step, severity, urgent};
use crate::due::{last_step, look_at, standing};
use crate::policy::Policy;
use crate::request::{Effect, News, Request};

/// News of an entry that was older than this when it was stored is not told (an imported mailbox).
const NEWS_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An alert that is to be made or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its identity.
    pub id: AlertId,
    /// Which of the bundle's requests it is about.
    pub request: usize,
    /// Whether its cause stands.
    pub standing: bool,
    /// Steps that were due before and were never sent: one line in the history.
    pub skipped: u32,
    /// People may have heard of the same cause before: this is a reminder.
    pub reminder: bool,
}

impl Planned {
    /// A first alert that nobody is reminded by, until [`plan()`] has seen what went out before.
    fn new(id: AlertId, request: usize, standing: bool, skipped: u32) -> Self {
        Self { id, request, standing, skipped, reminder: false }
    }

    /// The alert as it waits to be sent.
    pub fn pending(&self, now: Timestamp) -> Alert {
        let state = State::Pending { at: now };
        Alert { id: self.id.clone(), state, standing: self.standing, made: now, attempts: 0, skipped: self.skipped }
    }
}

/// The news and resolves that are owed and have no item yet. They are written with the entry that causes them. One that was withdrawn
/// told nobody: what becomes true again is owed again (what stands is told again by [`repeats`]).
pub fn owed(requests: &[Request], alerts: &[Alert], policy: &Policy, now: Timestamp) -> Vec<Planned> {
    let mut owed: Vec<Planned> = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        for planned in news(index, request, policy, now) {
            let same = |id: &AlertId| id.opening == planned.id.opening && id.cause == planned.id.cause;
            let told = |a: &Alert| same(&a.id) && (a.standing || !a.withdrawn());
            if !alerts.iter().any(told) && !owed.iter().any(|p| same(&p.id)) {
                owed.push(planned);
            }
        }
    }
    owed.extend(resolves(requests, alerts, policy));
    owed
}

fn news(index: usize, request: &Request, policy: &Policy, now: Timestamp) -> Vec<Planned> {
    let standing = standing(request, policy);
    let told = request.steps.iter().filter(|s| s.stored.duration_since(s.at) <= NEWS_AGE);
    told.filter_map(|step| {
        let cause = if request.unexpected {
            (request.first_mail.as_ref() == Some(&step.entry)).then_some(Cause::Unexpected)?
        } else {
            cause_of(step.news?)
        };
        let stands = standing.as_ref().filter(|s| s.opening == step.entry && s.cause == cause);
        let number = stands.and_then(|s| s.step(policy.repeat, now)).unwrap_or(1);
        let id = AlertId { opening: step.entry.to_string(), cause, step: Step::Nth(number) };
        Some(Planned::new(id, index, stands.is_some(), 0))
    })
    .collect()
}

const fn cause_of(news: News) -> Cause {
    match news {
        News::Question => Cause::OurTurn,
        News::Unclear => Cause::Unclear,
        News::Confirm => Cause::Confirm,
        News::Approved => Cause::Approved,
        News::Denied => Cause::Denied,
    }
}

/// One resolve for each standing cause that people may have heard of and that is gone.
fn resolves(requests: &[Request], alerts: &[Alert], policy: &Policy) -> Vec<Planned> {
    let mut found: Vec<Planned> = Vec::new();
    for alert in alerts.iter().filter(|a| a.standing && a.id.step != Step::Resolved && a.perhaps_heard()) {
        let id = AlertId { step: Step::Resolved, ..alert.id.clone() };
        let known = alerts.iter().any(|a| a.id == id && !a.withdrawn()) || found.iter().any(|p| p.id == id);
        if known || stands(requests, &alert.id, policy) {
            continue;
        }
        if let Some(request) = about(requests, &id) {
            found.push(Planned::new(id, request, false, 0));
        }
    }
    found
}

/// Whether this cause stands now in one of the requests.
fn stands(requests: &[Request], id: &AlertId, policy: &Policy) -> bool {
    requests.iter().filter_map(|r| standing(r, policy)).any(|s| s.opening.as_str() == id.opening && s.cause == id.cause)
}

/// The request an alert is about: the one that has its opening entry.
fn about(requests: &[Request], id: &AlertId) -> Option<usize> {
    let opened = |r: &Request| r.steps.iter().any(|s| s.entry.as_str() == id.opening && !matches!(s.effect, Effect::Nothing(_)));
    let named = |r: &Request| r.steps.iter().any(|s| s.entry.as_str() == id.opening);
    requests.iter().position(opened).or_else(|| requests.iter().position(named))
}

/// What a sweep does with a bundle now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// To be claimed and sent, in this order.
    pub send: Vec<Planned>,
    /// Whose cause is gone, or which a later step replaces.
    pub withdraw: Vec<(AlertId, &'static str)>,
    /// Those that wait for the delivery window until then. What has no item yet gets none before.
    pub shift: Vec<(AlertId, Timestamp)>,
    /// When to look at the bundle next, once all this is done.
    pub look_at: Option<Timestamp>,
}

/// The plan for a bundle: claimable alerts whose cause still is, causes that time made due, resolves.
pub fn plan(requests: &[Request], alerts: &[Alert], policy: &Policy, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let due = repeats(requests, alerts, policy, now);
    for alert in alerts.iter().filter(|a| a.claimable(now)) {
        let later =
            |id: &AlertId| id.opening == alert.id.opening && id.cause == alert.id.cause && id.step.number() > alert.id.step.number();
        let replaced = due.iter().any(|p| later(&p.id)) || alerts.iter().any(|a| later(&a.id));
        match about(requests, &alert.id).filter(|_| caused(requests, alert, policy)) {
            None => plan.withdraw.push((alert.id.clone(), "its cause is gone")),
            Some(_) if replaced && alert.id.step != Step::Resolved => plan.withdraw.push((alert.id.clone(), "a later step is due")),
            Some(request) => {
                plan.send.push(Planned::new(alert.id.clone(), request, alert.standing, alert.skipped));
            }
        }
    }
    let known: Vec<AlertId> = plan.send.iter().chain(&due).map(|p| p.id.clone()).collect();
    plan.send.extend(owed(requests, alerts, policy, now).into_iter().filter(|p| !known.contains(&p.id) && !same_cause(&due, p)));
    plan.send.extend(due);
    for planned in &mut plan.send {
        let before = |a: &Alert| a.id.opening == planned.id.opening && a.id.cause == planned.id.cause && a.id.step != planned.id.step;
        planned.reminder = alerts.iter().any(|a| before(a) && a.perhaps_heard());
    }
    let opens = policy.window.as_ref().map_or(now, |window| window.opens(&policy.zone, now));
    let waits: Vec<Planned> =
        if opens > now { plan.send.extract_if(.., |p| !urgent(&p.id, p.standing, severity(&p.id, alerts))).collect() } else { Vec::new() };
    // What is new in the order in which it happened, then what has ended.
    let happened = |p: &Planned| requests.get(p.request)?.steps.iter().find(|s| s.entry.as_str() == p.id.opening).map(|s| s.at);
    plan.send.sort_by_key(|p| (p.id.step == Step::Resolved, happened(p)));
    let after: Vec<Alert> = alerts.iter().cloned().chain(plan.send.iter().chain(&waits).map(|p| sent(p, now))).collect();
    plan.look_at = requests.iter().filter_map(|r| look_at(r, &after, policy)).chain((!waits.is_empty()).then_some(opens)).min();
    plan.shift = waits.into_iter().filter(|p| alerts.iter().any(|a| a.id == p.id)).map(|p| (p.id, opens)).collect();
    plan
}

fn same_cause(due: &[Planned], planned: &Planned) -> bool {
    planned.id.step != Step::Resolved && due.iter().any(|d| d.id.opening == planned.id.opening && d.id.cause == planned.id.cause)
}

fn sent(planned: &Planned, now: Timestamp) -> Alert {
    Alert { state: State::Sent { at: now }, attempts: 1, ..planned.pending(now) }
}

/// Whether an alert that waits still has its cause.
fn caused(requests: &[Request], alert: &Alert, policy: &Policy) -> bool {
    if alert.id.step == Step::Resolved {
        return !stands(requests, &alert.id, policy);
    }
    if alert.standing {
        return stands(requests, &alert.id, policy);
    }
    let steps = || requests.iter().flat_map(|r| &r.steps).filter(|s| s.entry.as_str() == alert.id.opening);
    match alert.id.cause {
        Cause::Unexpected => requests.iter().any(|r| r.unexpected && r.first_mail.as_ref().is_some_and(|e| e.as_str() == alert.id.opening)),
        cause => steps().any(|s| s.news.map(cause_of) == Some(cause)),
    }
}

/// The current step of every standing cause that has none yet. A hold keeps back repeats, never the first.
fn repeats(requests: &[Request], alerts: &[Alert], policy: &Policy, now: Timestamp) -> Vec<Planned> {
    let due = |(index, request): (usize, &Request)| {
        let standing = standing(request, policy).filter(|_| !request.dormant)?;
        let current = standing.step(policy.repeat, now)?;
        let last = last_step(alerts, &standing);
        let held = last.is_some() && request.hold.as_ref().is_some_and(|h| now < h.until);
        if held || last.is_some_and(|l| l >= current) {
            return None;
        }
        let id = AlertId { opening: standing.opening.to_string(), cause: standing.cause, step: Step::Nth(current) };
        Some(Planned::new(id, index, true, current.saturating_sub(last.unwrap_or(0) + 1)))
    };
    requests.iter().enumerate().filter_map(due).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Act, Action, Entry, Outcome, Reference, fold};

    const ACCOUNT_MAIL: &str = "first@amazon";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A request that AWS confirmed at 10:00 on the 20th, with what people did.
    fn request(acts: &[(&str, Act)]) -> Vec<Request> {
        let raw = format!(
            "Authentication-Results: amazonses.com; dmarc=pass header.from=email.amazon.com\r\nFrom: aws-automation@email.amazon.com\r\n\
             Message-ID: <{ACCOUNT_MAIL}>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nWe have received your request about port 25.\r\n"
        );
        let policy = Policy::default();
        let mail = crate::mail::read(raw.as_bytes());
        let judgement = crate::trust::judge(&mail, &crate::trust::from_headers(&mail, &policy), &policy);
        let reading = crate::classify::read(&mail, &judgement, &policy);
        let mut entries = vec![Entry::of_mail(&mail, &reading, &policy, "o", at("2026-11-20T10:00:30Z"))];
        let about = Reference::Message(mail.message_id.clone().unwrap());
        for (n, (when, act)) in acts.iter().enumerate() {
            let action = Action { by: "ann".to_owned(), about: about.clone(), act: act.clone(), why: None };
            entries.push(Entry::of_action(&format!("{n}"), action, at(when)));
        }
        fold(&entries)
    }

    fn steps(plan: &Plan) -> Vec<String> {
        plan.send.iter().map(|p| format!("{} {}", p.id.cause.as_str(), p.id.step)).collect()
    }

    /// What sweeps at these times send, one after the other.
    fn sweeps(requests: &[Request], times: &[&str]) -> Vec<Vec<String>> {
        let mut alerts: Vec<Alert> = Vec::new();
        let mut all = Vec::new();
        for time in times {
            let plan = plan(requests, &alerts, &Policy::default(), at(time));
            all.push(steps(&plan));
            alerts.extend(plan.send.iter().map(|p| sent(p, at(time))));
        }
        all
    }

    #[test]
    fn an_acknowledgement_holds_back_repeats_and_never_the_first_alert() {
        let acked = request(&[("2026-11-20T11:00:00Z", Act::Ack { until: at("2026-11-24T00:00:00Z") })]);
        let times =
            ["2026-11-22T09:59:59Z", "2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z"];
        let none: Vec<String> = Vec::new();
        let want = [none.clone(), vec!["overdue 1".into()], none.clone(), none.clone(), vec!["overdue 2".into()]];
        assert_eq!(sweeps(&acked, &times), want);
        let plan = plan(&acked, &[sent(&first(&acked), at("2026-11-22T10:00:00Z"))], &Policy::default(), at("2026-11-22T10:00:00Z"));
        assert_eq!(plan.look_at, Some(at("2026-11-24T00:00:00Z")), "the next look is when the hold ends");
    }

    fn first(requests: &[Request]) -> Planned {
        plan(requests, &[], &Policy::default(), at("2026-11-22T10:00:00Z")).send.remove(0)
    }

    #[test]
    fn a_snooze_ends_after_thirty_days_at_the_latest() {
        let snoozed = request(&[("2026-11-22T11:00:00Z", Act::Snooze { until: at("2027-11-22T11:00:00Z") })]);
        assert_eq!(snoozed[0].hold.as_ref().map(|h| h.until), Some(at("2026-12-22T11:00:00Z")));
    }

    #[test]
    fn a_pending_alert_whose_cause_is_gone_is_withdrawn_and_one_perhaps_heard_is_resolved() {
        let open = request(&[]);
        let planned = first(&open);
        let closed = request(&[("2026-11-22T10:00:30Z", Act::Settle(Outcome::Closed))]);
        let now = at("2026-11-22T10:01:00Z");
        let pending = planned.pending(now);
        let withdrawn = plan(&closed, &[pending], &Policy::default(), now);
        assert_eq!((steps(&withdrawn), withdrawn.withdraw.len()), (Vec::new(), 1));
        let resolved = plan(&closed, &[sent(&planned, now)], &Policy::default(), now);
        assert_eq!(steps(&resolved), ["overdue resolved"]);
        assert_eq!(resolved.send[0].id.dedup_key(), planned.id.dedup_key());
    }

    #[test]
    fn a_resolve_that_was_withdrawn_because_its_cause_came_back_is_owed_when_it_goes_again() {
        let planned = first(&request(&[]));
        let closed = request(&[("2026-11-22T10:00:30Z", Act::Settle(Outcome::Closed))]);
        let now = at("2026-11-22T10:01:00Z");
        let heard = sent(&planned, now);
        let resolve = owed(&closed, std::slice::from_ref(&heard), &Policy::default(), now).remove(0).pending(now);
        assert!(owed(&closed, &[heard.clone(), resolve.clone()], &Policy::default(), now).is_empty(), "once");
        let gone = State::Withdrawn { at: now, why: "its cause is gone".to_owned() };
        let again = owed(&closed, &[heard, Alert { state: gone, ..resolve }], &Policy::default(), now);
        assert_eq!(again.iter().map(|p| p.id.step).collect::<Vec<_>>(), [Step::Resolved]);
    }

    #[test]
    fn a_failed_attempt_waits_longer_each_time_and_never_more_than_a_quarter_of_an_hour() {
        let now = at("2026-11-22T10:00:00Z");
        let waits: Vec<i64> = (1..9)
            .map(|n| match Alert::retry(n, now) {
                State::Retry { at } => at.duration_since(now).as_mins(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 15, 15, 15, 15]);
    }
}
