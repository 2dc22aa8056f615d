//! The history on a request's page: every mail, action and alert, and what each did.

use maud::{Markup, html};

use super::words;
use crate::history::{AlertEvent, Did, Event};

/// All of it, the oldest first.
pub(super) fn list(history: &[Event]) -> Markup {
    html! {
        section {
            h2 { "History" }
            ol.history {
                @for event in history {
                    @match event {
                        Event::Mail(mail) => li {
                            (words::time(&mail.at)) " Mail: " strong { (words::meaning(mail.meaning)) } " (" (mail.trust) "). " (did(&mail.did))
                        },
                        Event::Action(action) => li {
                            (words::time(&action.at)) " " bdi { (action.by) } " " (words::act(action.act))
                            @match (&action.says, action.act) {
                                (Some(until), "ack" | "snooze") => { " " (words::time(until)) },
                                (Some(says), _) => { " " bdi { (says) } },
                                (None, _) => {},
                            }
                            @if let Some(why) = &action.why { " (" bdi { (why) } ")" }
                            ". "
                            // These are never meant to change the turn: that they did not says nothing.
                            @if !matches!(action.act, "ack" | "snooze" | "note" | "identify") { (did(&action.did)) }
                        },
                        Event::HoldEnded(ended) => li { (words::time(&ended.at)) " " bdi { (ended.says) } "." },
                        Event::Alert(alert) => li.alert { (words::time(&alert.at)) " " (of_alert(alert)) },
                    }
                }
            }
        }
    }
}

fn of_alert(alert: &AlertEvent) -> Markup {
    html! {
        @if alert.step == "resolved" { "All-clear for the alert " } @else { "Alert " }
        strong { "“" (words::cause(alert.cause)) "”" }
        @if alert.step != "resolved" && alert.step != "1" { ", no. " (alert.step) }
        @match alert.state {
            "pending" => ", not sent yet",
            "sending" => { ", being sent (attempt " (alert.attempts) ")" },
            "retry" => { ", not sent after " (alert.attempts) " attempts, tried again at " (words::time(&alert.state_at)) },
            state => { " " (state) },
        }
        ": " bdi { (alert.why) } "."
    }
}

fn did(did: &Did) -> Markup {
    html! {
        @match (did.effect, did.effect_why, &did.turn_after) {
            (_, Some(why), _) => { "No effect: " (why) "." },
            ("opened", _, Some(turn)) => (words::turn(turn)),
            _ => "The turn stays as it was.",
        }
    }
}
