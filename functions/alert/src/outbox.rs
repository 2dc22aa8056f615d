//! Sending and settling. The first alerts of a kind go out one by one; when more are due in one sweep, the rest goes as one digest.

use std::collections::HashMap;

use domain::alert::{Alert, Cause, STUCK, State};
use store::{Bundle, Commit, Place, StoreError, Summary};

use crate::message::{self, Message};
use crate::notify::TopicKind;
use crate::sweep::Sweep;

/// Alerts of one kind and topic that go out one by one in one sweep.
const SINGLE_MAX: usize = 10;
/// Members of one digest: what one message of SNS (256 KB) carries with every identity.
const DIGEST_MAX: usize = 500;

/// What one sweep has sent, and what it holds back for digests, by the kind's word and the topic.
#[derive(Default)]
pub(crate) struct Outbox {
    kinds: HashMap<(&'static str, TopicKind), Kind>,
}

#[derive(Default)]
struct Kind {
    singles: usize,
    held: Vec<Held>,
}

/// A claimed alert that waits for its digest. Its lease is running: should this sweep die, the next one sends it.
struct Held {
    place: Place,
    alert: Alert,
    message: Message,
}

impl Sweep<'_> {
    /// Sends a claimed alert and settles it, or keeps it for a digest.
    pub(crate) async fn deliver(&mut self, bundle: &Bundle, alert: Alert, message: Message) -> Result<(), StoreError> {
        let Some((place, _)) = bundle.alert(&alert.id) else { return Ok(()) };
        let place = place.clone();
        let key = (message.word, self.notifier.topic_of(&message));
        let held = Held { place, alert, message };
        let kind = self.outbox.kinds.entry(key).or_default();
        if kind.singles < SINGLE_MAX {
            kind.singles += 1;
            return self.hand_over(vec![held]).await;
        }
        kind.held.push(held);
        if kind.held.len() >= DIGEST_MAX {
            let held = std::mem::take(&mut kind.held);
            return self.hand_over(held).await;
        }
        Ok(())
    }

    /// One message for all of them; each is settled under its own identity.
    async fn hand_over(&mut self, held: Vec<Held>) -> Result<(), StoreError> {
        let alerts: Vec<&Alert> = held.iter().map(|held| &held.alert).collect();
        let states = match held.as_slice() {
            [] => return Ok(()),
            [one] => self.send(&one.message, &alerts).await,
            many => {
                let messages: Vec<&Message> = many.iter().map(|held| &held.message).collect();
                let states = self.send(&message::digest_of(&messages, self.policy), &alerts).await;
                self.report.digests += u32::from(matches!(states.first(), Some(State::Sent { .. })));
                states
            }
        };
        for (held, state) in held.iter().zip(&states) {
            self.report.told(&held.alert.id, held.message.request.as_deref(), state);
        }
        let settled: Vec<(&Place, &Alert, State)> =
            held.iter().zip(states).map(|(held, state)| (&held.place, &held.alert, state)).collect();
        self.report.lost += self.store.settle_all(&settled).await?;
        Ok(())
    }

    /// Sends a message that tells of these alerts; the state that each has then.
    pub(crate) async fn send(&mut self, message: &Message, alerts: &[&Alert]) -> Vec<State> {
        let count = u32::try_from(alerts.len()).unwrap_or(u32::MAX);
        let Err(error) = self.notifier.send(message, self.now).await else {
            self.report.sent += count;
            return alerts.iter().map(|_| State::Sent { at: self.now }).collect();
        };
        self.report.failed += count;
        let attempts = alerts.iter().map(|alert| alert.attempts).max().unwrap_or(0);
        self.report.note(&format!("alert {} not sent, it is tried again (attempt {attempts})", message.alert_id), &error);
        for alert in alerts.iter().filter(|alert| alert.attempts >= STUCK || !error.curable()) {
            self.report.stuck(&alert.id);
        }
        alerts.iter().map(|alert| Alert::retry(alert.attempts, self.now)).collect()
    }

    /// Moves an alert on, if nobody else did; whether it was this sweep.
    pub(crate) async fn settle(&mut self, place: &Place, alert: &Alert, state: State) -> Result<bool, StoreError> {
        let lost = self.store.settle(place, alert, state).await? == Commit::Lost;
        self.report.lost += u32::from(lost);
        Ok(!lost)
    }

    /// Sends what is still held back.
    pub(crate) async fn flush(&mut self) {
        let held: Vec<Vec<Held>> = self.outbox.kinds.values_mut().map(|kind| std::mem::take(&mut kind.held)).collect();
        for held in held {
            if let Err(error) = self.hand_over(held).await {
                self.report.broken += 1;
                self.report.note("a digest could not be settled; its alerts are sent again", &error);
            }
        }
    }

    /// Tells once in a UTC day that alerts do not go out: to the topic for what is critical, in the hope that that one works.
    pub(crate) async fn tell_of_stuck(&mut self) {
        if self.report.stuck == 0 {
            return;
        }
        let day = self.now.to_string().get(..10).unwrap_or_default().to_owned();
        if let Err(error) = self.system(&day).await {
            self.report.broken += 1;
            self.report.note("nobody could be told that alerts do not go out", &error);
        }
    }

    async fn system(&mut self, day: &str) -> Result<(), StoreError> {
        if self.store.summary(Cause::System, day).await?.is_some() {
            return Ok(());
        }
        let summary = Summary { cause: Cause::System, hour: day.to_owned(), due: self.now, made: self.now };
        self.store.commit(&store::Change { summary: Some(summary), ..store::Change::default() }).await?;
        self.summary(Cause::System, day).await
    }
}
