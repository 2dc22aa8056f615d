//! `GET /`: whether the tracker is well; what needs us, what AWS owes, where, what waits, and what changed last; below it, folded, what
//! is over or old, and mail that nothing proves.

mod sections;

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::{Extension, RawQuery, State};
use axum::response::Html;
use jiff::{SignedDuration, Timestamp};
use maud::html;
use store::{Filter, Head, ListedTurn, MailList, Page, StoreError};

use self::sections::{first_of_all, folded, more, quarantined, section};
use super::url::Base;
use super::{Renewed, Shell, as_of, first, is_still, matrix, recent, tracker};
use crate::App;
use crate::access::Caller;
use crate::problem::Problem;
use crate::quarantine::{self, Quarantined};
use crate::redact::seen_by;
use crate::status::{self, Status};
use crate::summary::{self, Matrix};
use crate::view::{self, Item};

/// The page reads one page of this many requests for each turn, and says when there are more.
const SHOWN_MAX: usize = 200;
/// How far back quarantined mail is shown.
const QUARANTINE_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What to do, and what not, with mail that nothing proves.
pub(in crate::page) const UNPROVEN: &str = "Nothing proves who sent these mails, so they changed nothing. Do not answer them and follow no link in \
                                   them. If one is really AWS's, let the original be delivered here: a copy forwarded by hand proves nothing.";

/// What is the same for every request on the page.
struct Frame {
    now: Timestamp,
    /// The time that AWS has to answer.
    deadline: SignedDuration,
    /// Where mail goes in.
    mail_to: Option<String>,
    /// Who looks.
    caller: Caller,
    /// The reader asked for a page that does not renew itself.
    still: bool,
    /// Whether the tracker is well.
    status: Status,
    /// Where something is open.
    matrix: Matrix,
}

/// What the page shows.
struct Home {
    frame: Frame,
    ours: Vec<Item>,
    overdue: Vec<Item>,
    waiting: Vec<Item>,
    unexpected: Vec<Item>,
    settled: Vec<Item>,
    dormant: Vec<Item>,
    quarantined: Vec<Quarantined>,
    /// The turns that have more requests than were read.
    more: Vec<ListedTurn>,
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Extension(caller): Extension<Caller>,
) -> Result<Html<String>, Problem> {
    let home = read(&app, caller, is_still(query.as_deref())).await.map_err(Problem::store)?;
    Ok(render(&home))
}

async fn read(app: &App, caller: Caller, still: bool) -> Result<Home, StoreError> {
    let now = app.now();
    let [ours, aws, settled] = [ListedTurn::Ours, ListedTurn::Aws, ListedTurn::Settled].map(of_turn);
    let list = |filter| async move { app.store.list(&filter, None, SHOWN_MAX).await };
    let since = now.checked_sub(QUARANTINE_AGE).unwrap_or(Timestamp::MIN);
    // A little beyond now: what came in this very second is to be seen.
    let until = now.checked_add(SignedDuration::from_mins(1)).unwrap_or(now);
    let quarantined = app.store.mails(MailList::Quarantined, since, until, i32::try_from(SHOWN_MAX).unwrap_or(i32::MAX));
    let (ours, aws, settled, mut mails, status) = tokio::try_join!(list(ours), list(aws), list(settled), quarantined, status::read(app))?;
    // What was read is all that is open, as a rule: it is not read twice.
    let matrix = if ours.next.is_none() && aws.next.is_none() {
        let open: Vec<Head> = ours.items.iter().chain(&aws.items).cloned().collect();
        summary::count(&open, false, &app.policy, now)
    } else {
        summary::read(&app.store, &app.policy, now).await?
    };
    mails.sort_by_key(|mail| Reverse((mail.names_open, mail.stored)));
    let mails = seen_by(&caller, mails.iter().map(quarantine::view).collect());
    let to_item = |head: &Head| view::item(head, &app.policy, now);
    let frame = Frame { now, deadline: app.policy.deadline, mail_to: app.mail_to.clone(), caller, still, status, matrix };
    Ok(Home::of([ours, aws, settled], mails, to_item, frame))
}

fn of_turn(turn: ListedTurn) -> Filter {
    Filter { turn: Some(turn), ..Filter::default() }
}

impl Home {
    /// Sorts what was read into the sections. `pages` are those of our turn, of AWS's turn, and of what is over.
    fn of(pages: [Page<Head>; 3], quarantined: Vec<Quarantined>, to_item: impl Fn(&Head) -> Item, frame: Frame) -> Self {
        let turns = [ListedTurn::Ours, ListedTurn::Aws, ListedTurn::Settled];
        let more = turns.iter().zip(&pages).filter(|(_, page)| page.next.is_some()).map(|(turn, _)| *turn).collect();
        let items: Vec<Item> = pages.iter().flat_map(|page| &page.items).map(to_item).collect();
        let items = seen_by(&frame.caller, items);
        let mut home = Self {
            frame,
            ours: Vec::new(),
            overdue: Vec::new(),
            waiting: Vec::new(),
            unexpected: Vec::new(),
            settled: Vec::new(),
            dormant: Vec::new(),
            quarantined,
            more,
        };
        for item in items {
            let section = match item.turn.turn {
                "settled" => &mut home.settled,
                _ if item.unexpected => &mut home.unexpected,
                _ if item.dormant => &mut home.dormant,
                "ours" => &mut home.ours,
                _ if item.overdue => &mut home.overdue,
                _ => &mut home.waiting,
            };
            section.push(item);
        }
        home.settled.sort_by(|a, b| b.turn.since.cmp(&a.turn.since));
        home
    }

    /// A number, with `+` where more were not read.
    fn count(&self, items: &[Item], turn: ListedTurn) -> String {
        let plus = if self.more.contains(&turn) && items.len() >= SHOWN_MAX { "+" } else { "" };
        format!("{}{plus}", items.len())
    }

    fn sections(&self) -> [&Vec<Item>; 6] {
        [&self.ours, &self.overdue, &self.waiting, &self.unexpected, &self.settled, &self.dormant]
    }

    fn is_empty(&self) -> bool {
        self.sections().iter().all(|section| section.is_empty())
    }
}

fn render(home: &Home) -> Html<String> {
    let base = Base::of("/");
    let frame = &home.frame;
    let hours = frame.deadline.as_hours();
    let content = html! {
        h1 { "Requests to AWS" }
        (tracker::line(&frame.status))
        @if !home.is_empty() { (first_of_all(home)) }
        (as_of(frame.now, frame.still, base.home(), &base.still()))
        @if home.is_empty() { (first::nothing_yet(frame.mail_to.as_deref())) }
        (section(home, "Our turn", ("ours", &home.ours), ListedTurn::Ours,
            "Until we answer, nothing moves. Open a request: it shows AWS's mail, how to answer it, and a draft.", &base))
        (section(home, "Overdue at AWS", ("overdue", &home.overdue), ListedTurn::Aws,
            &format!("AWS has been silent for over {hours} hours. Open a request: it shows how to remind AWS, with a draft."), &base))
        (matrix::table(&frame.matrix))
        (section(home, "Waiting for AWS", ("waiting", &home.waiting), ListedTurn::Aws,
            &format!("Nothing to do: AWS has {hours} hours to answer. An alert comes when they are over."), &base))
        (more(home, &base))
        (recent::list(home.sections().into_iter().flatten(), &base))
        (folded("For no account of ours", ("unexpected", &home.unexpected), "Requests that name none of the configured accounts.", &base))
        (folded("Settled", ("settled", &home.settled), "Approved, denied or closed; the latest first.", &base))
        (folded("Dormant", ("dormant", &home.dormant), "Old when they came: listed, without alerts until something new comes.", &base))
        (quarantined(home, &base))
    };
    let renewed = if frame.still { Renewed::Never } else { Renewed::Always };
    Shell { base: &base, title: title(home), caller: Some(&frame.caller), now: Some(frame.now), renewed }.around(&content)
}

fn title(home: &Home) -> String {
    match (home.overdue.is_empty(), home.ours.is_empty()) {
        (false, _) => format!("({} overdue) port25", home.count(&home.overdue, ListedTurn::Aws)),
        (true, false) => format!("({} our turn) port25", home.count(&home.ours, ListedTurn::Ours)),
        (true, true) => "port25".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::classify::Meaning;
    use domain::policy::Policy;
    use domain::request::fold;
    use store::Scope;

    use super::*;
    use crate::sample::{at, mail_with};

    const NOW: &str = "2026-11-24T10:00:00Z";

    fn head(id: &str, meaning: Meaning, when: &str, subject: &str) -> Head {
        let entry = mail_with(1, meaning, when, |mail| {
            mail.own_id.as_mut().unwrap().id = domain::ids::AwsId::parse(id).unwrap();
            mail.subject = subject.to_owned();
        });
        Head::from(&fold(&[entry])[0])
    }

    fn page(items: Vec<Head>) -> Page<Head> {
        Page { items, next: None }
    }

    fn status() -> Status {
        Status {
            status: "ok",
            problems: Vec::new(),
            last_sweep: Some(NOW.to_owned()),
            last_mail: None,
            oldest_mail_without_outcome: None,
            oldest_unsent_alert: None,
            unsent_alerts: 0,
            version: "0",
        }
    }

    fn text(pages: [Page<Head>; 3], quarantined: Vec<Quarantined>) -> String {
        text_for(Scope::Write, pages, quarantined)
    }

    fn text_for(scope: Scope, pages: [Page<Head>; 3], quarantined: Vec<Quarantined>) -> String {
        let policy = Policy::default();
        let open: Vec<Head> = pages[..2].iter().flat_map(|page| page.items.clone()).collect();
        let frame = Frame {
            now: at(NOW),
            deadline: policy.deadline,
            mail_to: Some("smtp://127.0.0.1:2525".into()),
            still: false,
            caller: Caller { name: "ann".to_owned(), scope, session: None },
            status: status(),
            matrix: summary::count(&open, false, &policy, at(NOW)),
        };
        render(&Home::of(pages, quarantined, |head| view::item(head, &policy, at(NOW)), frame)).0
    }

    #[test]
    fn the_order_is_ours_overdue_waiting_settled() {
        let dormant = Head { dormant: true, ..head("170000000000005", Meaning::Received, "2026-01-01T00:00:00Z", "e") };
        let html = text(
            [
                page(vec![head("170000000000001", Meaning::Question, "2026-11-20T10:00:00Z", "a")]),
                page(vec![
                    dormant,
                    head("170000000000002", Meaning::Received, "2026-11-20T10:00:00Z", "b"),
                    head("170000000000003", Meaning::Received, "2026-11-24T09:00:00Z", "c"),
                ]),
                page(vec![head("170000000000004", Meaning::Approved, "2026-11-20T10:00:00Z", "d")]),
            ],
            Vec::new(),
        );
        assert!(html.contains("<title>(1 overdue) port25</title>"), "{html}");
        let places: Vec<usize> = (1..=5).map(|n| html.find(&format!("./requests/17000000000000{n}\"")).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
        for word in [
            "Our turn: AWS asks",
            "AWS is overdue",
            "Waiting for AWS",
            "Approved",
            "scope=\"row\"",
            "lang=\"en\"",
            "#main",
            "It is our turn: read AWS's mail and answer it. Elsewhere AWS is overdue: remind it.",
            "<a href=\"#overdue\">1 overdue at AWS</a>",
            "96 h of 48 h",
            "1 h of 48 h",
            "<strong>Remind AWS</strong>",
            "As of <time datetime=\"2026-11-24T10:00:00Z\">",
            "<details>",
            "The tracker is well",
            "<noscript><meta http-equiv=\"refresh\"",
            "<script src=\"./script.js\" defer></script>",
        ] {
            assert!(html.contains(word), "{word} in {html}");
        }
        let sections: Vec<_> =
            ["The tracker", "id=\"ours\"", "id=\"overdue\"", "id=\"places\"", "id=\"waiting\"", "id=\"recent\"", "id=\"settled\""]
                .iter()
                .map(|part| html.find(part).unwrap())
                .collect();
        assert!(sections.is_sorted(), "{sections:?}");
    }

    #[test]
    fn where_nothing_is_open_what_changed_last_is_seen() {
        let over = head("170000000000004", Meaning::Approved, "2026-11-20T10:00:00Z", "d");
        let html = text([page(Vec::new()), page(Vec::new()), page(vec![over])], Vec::new());
        assert!(html.contains("Nothing needs you now.") && html.contains("<ol class=\"recent\"><li>"), "{html}");
        assert!(!html.contains("id=\"places\""), "no empty matrix: {html}");
    }

    #[test]
    fn the_title_says_our_turn_where_nothing_is_overdue() {
        let ours = head("170000000000001", Meaning::Question, "2026-11-24T09:00:00Z", "a");
        let html = text([page(vec![ours]), page(Vec::new()), page(Vec::new())], Vec::new());
        assert!(html.contains("<title>(1 our turn) port25</title>"), "{html}");
    }

    #[test]
    fn an_empty_page_says_where_mail_goes() {
        let html = text([page(Vec::new()), page(Vec::new()), page(Vec::new())], Vec::new());
        assert!(html.contains("--upload-file mail.eml smtp://127.0.0.1:2525") && html.contains("<title>port25</title>"), "{html}");
    }

    #[test]
    fn what_a_mail_says_stays_text() {
        let hostile = "</title><script>alert(1)</script>\" onload=\"x\u{202E}";
        let mail = Quarantined {
            id: "abc".into(),
            message_id: "q@evil.example".into(),
            object: "o".into(),
            stored: NOW.into(),
            from: format!("{hostile} net-ops@corp.example"),
            subject: hostile.into(),
            why: hostile.into(),
            names_open: true,
        };
        let pages = || [page(vec![head("170000000000001", Meaning::Question, NOW, hostile)]), page(Vec::new()), page(Vec::new())];
        let html = text(pages(), vec![mail.clone()]);
        assert!(html.matches("<script").count() == 1 && !html.contains("\" onload=\"x"), "{html}");
        // In its table and among what changed; the mail's subject, sender and reason.
        assert_eq!(html.matches("<bdi>&lt;/title&gt;&lt;script&gt;").count(), 5);
        assert!(html.contains("named an open request") && html.contains("href=\"./quarantine#abc\""), "{html}");
    }

    #[test]
    fn readers_see_no_addresses() {
        let subject = "Port 25 for net-ops@corp.example";
        let pages = || [page(vec![head("170000000000001", Meaning::Question, NOW, subject)]), page(Vec::new()), page(Vec::new())];
        assert!(text(pages(), Vec::new()).contains("net-ops@corp.example"));
        let html = text_for(Scope::Read, pages(), Vec::new());
        assert!(!html.contains("net-ops@") && html.contains("n***@corp.example"), "{html}");
    }

    #[test]
    fn more_than_one_page_is_said() {
        let next = store::Position { turn: ListedTurn::Aws, last: None };
        let full = Page { items: vec![head("170000000000002", Meaning::Received, NOW, "b")], next: Some(next) };
        assert!(text([page(Vec::new()), full, page(Vec::new())], Vec::new()).contains("./v1/requests?turn=aws"));
    }
}
