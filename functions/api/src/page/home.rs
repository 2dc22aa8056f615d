//! `GET /`: what needs us, what AWS owes, what waits; below it, folded, what is over or old, and mail that nothing proves.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use store::{Filter, Head, ListedTurn, MailList, Page, StoreError, StoredMail};

use super::url::Base;
use super::{shell, table};
use crate::App;
use crate::problem::Problem;
use crate::view::{self, Item};

/// The page reads one page of this many requests for each turn, and says when there are more.
const SHOWN_MAX: usize = 200;
/// How far back quarantined mail is shown.
const QUARANTINE_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often an open page asks for itself again, in seconds: the sweep runs every minute.
const REFRESH: u16 = 30;

/// What the page shows.
struct Home {
    ours: Vec<Item>,
    overdue: Vec<Item>,
    waiting: Vec<Item>,
    unexpected: Vec<Item>,
    settled: Vec<Item>,
    dormant: Vec<Item>,
    quarantined: Vec<StoredMail>,
    /// The turns that have more requests than were read.
    more: Vec<ListedTurn>,
    mail_to: Option<String>,
}

pub(crate) async fn get(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    let now = app.now();
    let home = read(&app, now).await.map_err(Problem::store)?;
    Ok(render(&home))
}

async fn read(app: &App, now: Timestamp) -> Result<Home, StoreError> {
    let [ours, aws, settled] = [ListedTurn::Ours, ListedTurn::Aws, ListedTurn::Settled].map(of_turn);
    let list = |filter| async move { app.store.list(&filter, None, SHOWN_MAX).await };
    let since = now.checked_sub(QUARANTINE_AGE).unwrap_or(Timestamp::MIN);
    // A little beyond now: what came in this very second is to be seen.
    let until = now.checked_add(SignedDuration::from_mins(1)).unwrap_or(now);
    let quarantined = app.store.mails(MailList::Quarantined, since, until, i32::try_from(SHOWN_MAX).unwrap_or(i32::MAX));
    let (ours, aws, settled, quarantined) = tokio::try_join!(list(ours), list(aws), list(settled), quarantined)?;
    let to_item = |head: &Head| view::item(head, &app.policy, now);
    Ok(Home::of([ours, aws, settled], quarantined, to_item, app.mail_to.clone()))
}

fn of_turn(turn: ListedTurn) -> Filter {
    Filter { turn: Some(turn), ..Filter::default() }
}

impl Home {
    /// Sorts what was read into the sections. `pages` are those of our turn, of AWS's turn, and of what is over.
    fn of(pages: [Page<Head>; 3], mut quarantined: Vec<StoredMail>, to_item: impl Fn(&Head) -> Item, mail_to: Option<String>) -> Self {
        let turns = [ListedTurn::Ours, ListedTurn::Aws, ListedTurn::Settled];
        let more = turns.iter().zip(&pages).filter(|(_, page)| page.next.is_some()).map(|(turn, _)| *turn).collect();
        quarantined.sort_by_key(|mail| Reverse((mail.names_open, mail.stored)));
        let mut home = Self {
            ours: Vec::new(),
            overdue: Vec::new(),
            waiting: Vec::new(),
            unexpected: Vec::new(),
            settled: Vec::new(),
            dormant: Vec::new(),
            quarantined,
            more,
            mail_to,
        };
        for item in pages.iter().flat_map(|page| &page.items).map(to_item) {
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

    fn is_empty(&self) -> bool {
        let sections = [&self.ours, &self.overdue, &self.waiting, &self.unexpected, &self.settled, &self.dormant];
        sections.iter().all(|s| s.is_empty())
    }
}

fn render(home: &Home) -> Html<String> {
    let base = Base::of("/");
    let overdue = home.count(&home.overdue, ListedTurn::Aws);
    let ours = home.count(&home.ours, ListedTurn::Ours);
    let title = if home.overdue.is_empty() { "port25".to_owned() } else { format!("({overdue} overdue) port25") };
    let content = html! {
        h1 { "Requests to AWS" }
        @if home.is_empty() {
            (nothing_yet(home.mail_to.as_deref()))
        } @else {
            p.summary {
                strong { (ours) " our turn" } ", " strong { (overdue) " overdue at AWS" } ", "
                (home.count(&home.waiting, ListedTurn::Aws)) " waiting."
            }
            (section("Our turn", &ours, "Nothing needs you.", &home.ours, &base))
            (section("Overdue at AWS", &overdue, "AWS is in time everywhere.", &home.overdue, &base))
            (section("Waiting for AWS", &home.count(&home.waiting, ListedTurn::Aws), "AWS has nothing to answer.", &home.waiting, &base))
            (more(home, &base))
            (folded("For no account of ours", &home.unexpected, "Requests that name none of the configured accounts.", &base))
            (folded("Settled", &home.settled, "Approved, denied or closed; the latest first.", &base))
            (folded("Dormant", &home.dormant, "Old when they came: listed, without alerts until something new comes.", &base))
        }
        (quarantine(&home.quarantined))
    };
    shell(&base, &title, Some(REFRESH), &content)
}

fn section(title: &str, count: &str, empty: &str, items: &[Item], base: &Base) -> Markup {
    html! {
        section {
            h2 { (title) " (" (count) ")" }
            @if items.is_empty() { p.empty { (empty) } } @else { (table::requests(base, title, items)) }
        }
    }
}

fn folded(title: &str, items: &[Item], what: &str, base: &Base) -> Markup {
    html! {
        @if !items.is_empty() {
            details {
                summary { (title) " (" (items.len()) ")" }
                p { (what) }
                (table::requests(base, title, items))
            }
        }
    }
}

fn more(home: &Home, base: &Base) -> Markup {
    html! {
        @for turn in &home.more {
            p.more {
                "There are more than " (SHOWN_MAX) " requests in this state: "
                a href=(base.list_json(turn.as_str())) { "all of turn " (turn.as_str()) " as JSON" } "."
            }
        }
    }
}

fn quarantine(mails: &[StoredMail]) -> Markup {
    html! {
        @if !mails.is_empty() {
            details {
                summary { "Quarantine of the last 7 days (" (mails.len()) @if mails.len() >= SHOWN_MAX { "+" } ")" }
                p { "Nothing proves who sent these mails, so they change nothing. A mail that is really AWS's: send the original in, not a copy." }
                (table::mails("Quarantine", mails))
            }
        }
    }
}

fn nothing_yet(mail_to: Option<&str>) -> Markup {
    html! {
        section {
            h2 { "No request yet" }
            p.empty {
                "Send the mails that AWS wrote you about a request "
                @match mail_to {
                    Some(to) => { "to " code { (to) } },
                    None => "to the address of this tracker",
                }
                ", or put that address on AWS's form. A mailbox that was exported comes in with " code { "port25 import PATH" } "."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::classify::Meaning;
    use domain::ids::MessageId;
    use domain::policy::Policy;
    use domain::request::fold;
    use domain::trust::Trust;

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

    fn text(pages: [Page<Head>; 3], quarantined: Vec<StoredMail>) -> String {
        let policy = Policy::default();
        render(&Home::of(pages, quarantined, |head| view::item(head, &policy, at(NOW)), Some("smtp://127.0.0.1:2525".into()))).0
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
        for word in ["Our turn: AWS asks", "AWS is overdue", "Waiting for AWS", "Approved", "scope=\"row\"", "lang=\"en\"", "#main"] {
            assert!(html.contains(word), "{word}");
        }
    }

    #[test]
    fn an_empty_page_says_where_mail_goes() {
        let html = text([page(Vec::new()), page(Vec::new()), page(Vec::new())], Vec::new());
        assert!(html.contains("smtp://127.0.0.1:2525") && html.contains("<title>port25</title>"), "{html}");
    }

    #[test]
    fn what_a_mail_says_stays_text() {
        let hostile = "</title><script>alert(1)</script>\" onload=\"x\u{202E}";
        let mail = StoredMail {
            message_id: MessageId::parse("q@evil.example").unwrap(),
            trust: Trust::Unverified,
            ending: "quarantined".into(),
            why: hostile.into(),
            object: "o".into(),
            from: hostile.into(),
            subject: hostile.into(),
            stored: at(NOW),
            names_open: true,
        };
        let html =
            text([page(vec![head("170000000000001", Meaning::Question, NOW, hostile)]), page(Vec::new()), page(Vec::new())], vec![mail]);
        assert!(!html.contains("<script") && !html.contains("\" onload=\"x"), "{html}");
        assert_eq!(html.matches("<bdi>&lt;/title&gt;&lt;script&gt;").count(), 4);
        assert!(html.contains("names an open request"));
    }

    #[test]
    fn more_than_one_page_is_said() {
        let next = store::Position { turn: ListedTurn::Aws, last: None };
        let full = Page { items: vec![head("170000000000002", Meaning::Received, NOW, "b")], next: Some(next) };
        assert!(text([page(Vec::new()), full, page(Vec::new())], Vec::new()).contains("./v1/requests?turn=aws"));
    }
}
