//! One second before, at, and one second after each moment at which something becomes due, is held back no longer, or may be delivered.
//! Each of the three is a world of its own: nobody swept before in it.

use api::act::{Until, What};
use domain::policy::Policy;
use domain::window::Window;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::world::{Letter, World, deed};

const ID: &str = "170000000070001";

/// What happens before.
enum Before {
    Received(&'static str),
    Question(&'static str),
    Sweep(&'static str),
    Ack(&'static str, i64),
    Snooze(&'static str, &'static str),
}

use Before::{Ack, Question, Received, Snooze, Sweep};

/// What a sweep tells one second before, at, and one second after.
struct Boundary {
    name: &'static str,
    /// In Central European Time.
    window: Option<&'static str>,
    before: &'static [Before],
    moment: &'static str,
    told: [Option<&'static str>; 3],
}

const BOUNDARIES: [Boundary; 14] = [
    Boundary {
        name: "the deadline",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z")],
        moment: "2026-11-22T10:00:00Z",
        told: [None, Some("OVERDUE 48h"), Some("OVERDUE 48h")],
    },
    Boundary {
        name: "a daily repeat of a silence",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z"), Sweep("2026-11-22T10:00:00Z")],
        moment: "2026-11-23T10:00:00Z",
        told: [None, Some("OVERDUE 72h"), Some("OVERDUE 72h")],
    },
    Boundary {
        name: "the first weekly repeat",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z"), Sweep("2026-11-29T10:00:00Z")],
        moment: "2026-12-06T10:00:00Z",
        told: [None, Some("OVERDUE 384h"), Some("OVERDUE 384h")],
    },
    Boundary {
        name: "a repeat of a question",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z"), Question("2026-11-20T12:00:00Z"), Sweep("2026-11-20T12:00:00Z")],
        moment: "2026-11-21T12:00:00Z",
        told: [None, Some("OUR TURN"), Some("OUR TURN")],
    },
    Boundary {
        name: "the end of an acknowledgement",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z"), Sweep("2026-11-22T10:00:00Z"), Ack("2026-11-22T11:00:00Z", 48)],
        moment: "2026-11-24T11:00:00Z",
        told: [None, Some("OVERDUE 97h"), Some("OVERDUE 97h")],
    },
    Boundary {
        name: "the end of a snooze",
        window: None,
        before: &[Received("2026-11-20T10:00:00Z"), Sweep("2026-11-22T10:00:00Z"), Snooze("2026-11-22T11:00:00Z", "2026-11-25T12:34:56Z")],
        moment: "2026-11-25T12:34:56Z",
        told: [None, Some("OVERDUE 122h"), Some("OVERDUE 122h")],
    },
    Boundary {
        name: "the opening of the window, after a weekend",
        window: Some("mon-fri 08:00-20:00"),
        before: &[Received("2026-11-20T10:00:00Z"), Sweep("2026-11-22T10:00:00Z")],
        moment: "2026-11-23T07:00:00Z",
        told: [None, Some("OVERDUE 69h"), Some("OVERDUE 69h")],
    },
    Boundary {
        name: "the end of the window",
        window: Some("mon-fri 08:00-20:00"),
        before: &[Received("2026-11-21T18:00:00Z")],
        moment: "2026-11-23T19:00:00Z",
        told: [Some("OVERDUE 48h"), None, None],
    },
    Boundary {
        name: "eight o'clock on the day on which the clocks go forward",
        window: Some("mon-sun 08:00-20:00"),
        before: &[Received("2027-03-25T22:00:00Z"), Sweep("2027-03-27T22:00:00Z")],
        moment: "2027-03-28T06:00:00Z",
        told: [None, Some("OVERDUE 56h"), Some("OVERDUE 56h")],
    },
    Boundary {
        name: "eight o'clock on the day on which they go back",
        window: Some("mon-sun 08:00-20:00"),
        before: &[Received("2027-10-28T22:00:00Z"), Sweep("2027-10-30T22:00:00Z")],
        moment: "2027-10-31T07:00:00Z",
        told: [None, Some("OVERDUE 57h"), Some("OVERDUE 57h")],
    },
    Boundary {
        name: "an opening in the hour that the clocks skip: the moment of the change",
        window: Some("mon-sun 02:00-05:00"),
        before: &[Received("2027-03-25T22:00:00Z"), Sweep("2027-03-27T22:00:00Z")],
        moment: "2027-03-28T01:00:00Z",
        told: [None, Some("OVERDUE 51h"), Some("OVERDUE 51h")],
    },
    Boundary {
        name: "the change in a window over the hour that comes twice: it is open both times",
        window: Some("mon-sun 02:00-03:00"),
        before: &[Received("2027-10-29T00:30:00Z")],
        moment: "2027-10-31T01:00:00Z",
        told: [Some("OVERDUE 48h"), Some("OVERDUE 48h"), Some("OVERDUE 48h")],
    },
    Boundary {
        name: "the end of that window",
        window: Some("mon-sun 02:00-03:00"),
        before: &[Received("2027-10-29T00:30:00Z")],
        moment: "2027-10-31T02:00:00Z",
        told: [Some("OVERDUE 49h"), None, None],
    },
    Boundary {
        name: "a deadline over a change: 48 hours are 48 hours",
        window: Some("mon-sun 00:00-24:00"),
        before: &[Received("2027-10-30T10:00:00Z")],
        moment: "2027-11-01T10:00:00Z",
        told: [None, Some("OVERDUE 48h"), Some("OVERDUE 48h")],
    },
];

fn letter(name: &str, at: &str, says: &str) -> Letter {
    let text = format!("{says}\r\n\r\nRequest ID: {ID}\r\n");
    Letter::aws(&format!("{name}@amazon"), at, "Your request", &text)
}

impl Boundary {
    /// What a sweep so many seconds after the moment tells.
    async fn told(&self, seconds: i64) -> Option<String> {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let window = self.window.map(|window| Window::parse(window).unwrap());
        let world = World::with(Policy { zone, window, ..Policy::default() }).await;
        for step in self.before {
            let (Received(at) | Question(at) | Sweep(at) | Ack(at, _) | Snooze(at, _)) = step;
            world.advance_to(at);
            match step {
                Received(at) => {
                    let says = "We have received your request to remove the port 25 email sending limitations.";
                    world.mail(&letter("received", at, says).bytes()).await;
                }
                Question(at) => {
                    let says = "Please reply directly to this message with the use case of your port 25 request.";
                    world.mail(&letter("question", at, says).answers(&["received@amazon"]).bytes()).await;
                }
                Sweep(_) => {
                    world.sweep().await;
                    while world.alerts.next().is_some() {}
                }
                Ack(_, hours) => {
                    let until = Until::For(SignedDuration::from_hours(*hours));
                    world.act(ID, &deed(What::Ack(Some(until)))).await.unwrap();
                }
                Snooze(_, until) => {
                    world.act(ID, &deed(What::Snooze(Until::At(until.parse().unwrap())))).await.unwrap();
                }
            }
        }
        let moment: Timestamp = self.moment.parse().unwrap();
        world.advance_to(&(moment + SignedDuration::from_secs(seconds)).to_string());
        world.sweep().await;
        let told = world.alerts.next().map(|message| message.subject);
        world.expect_silence();
        told
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_one_second_before_at_and_after_each_boundary() {
    for boundary in &BOUNDARIES {
        for (seconds, want) in [-1, 0, 1].into_iter().zip(boundary.told) {
            let told = boundary.told(seconds).await;
            let same = match (&told, want) {
                (Some(subject), Some(words)) => subject.starts_with(&format!("[port25] {words}")),
                (told, want) => told.is_none() && want.is_none(),
            };
            assert!(same, "{}, {seconds} s: {told:?} instead of {want:?}", boundary.name);
        }
    }
}
