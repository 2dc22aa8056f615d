//! Sending and settling. The first alerts of a kind go out one by one; when more are due in one sweep, the rest goes as one digest.

use std::collections::HashMap;

use domain::alert::{Alert, AlertId, Cause, STUCK, State, Step};
use store::{Bundle, Claim, Commit, Place, StoreError, Summary};

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
        let Some(place) = bundle.place_of(&alert.id).cloned() else { return Ok(()) };
        let key = (message.word, self.notifier.topic_of(&message));
        let kind = self.outbox.kinds.entry(key).or_default();
        if kind.singles < SINGLE_MAX {
            kind.singles += 1;
            let state = self.send(&message, &alert).await;
            return self.settle(&place, &alert, state).await;
        }
        kind.held.push(Held { place, alert, message });
        if kind.held.len() >= DIGEST_MAX {
            let held = std::mem::take(&mut kind.held);
            self.digest(held).await?;
        }
        Ok(())
    }

    pub(crate) async fn settle(&mut self, place: &Place, alert: &Alert, state: State) -> Result<(), StoreError> {
        if self.store.settle(place, alert, state).await? == Commit::Lost {
            self.report.lost += 1;
        }
        Ok(())
    }

    /// Sends one message; the state that its alert has then.
    pub(crate) async fn send(&mut self, message: &Message, alert: &Alert) -> State {
        match self.notifier.send(message, self.now).await {
            Ok(()) => {
                self.report.sent += 1;
                State::Sent { at: self.now }
            }
            Err(error) => {
                self.report.failed += 1;
                self.report.note(&format!("alert {} not sent, it is tried again (attempt {})", alert.id, alert.attempts), &error);
                if alert.attempts >= STUCK || !error.curable() {
                    self.report.stuck(&alert.id);
                }
                Alert::retry(alert.attempts, self.now)
            }
        }
    }

    /// Sends what is still held back.
    pub(crate) async fn flush(&mut self) {
        let held: Vec<Vec<Held>> = self.outbox.kinds.values_mut().map(|kind| std::mem::take(&mut kind.held)).collect();
        for held in held.into_iter().filter(|held| !held.is_empty()) {
            if let Err(error) = self.digest(held).await {
                self.report.broken += 1;
                self.report.note("a digest could not be settled; its alerts are sent again", &error);
            }
        }
    }

    /// One message for all of them; each is settled as if it had been sent alone.
    async fn digest(&mut self, mut held: Vec<Held>) -> Result<(), StoreError> {
        if held.len() == 1
            && let Some(Held { place, alert, message }) = held.pop()
        {
            let state = self.send(&message, &alert).await;
            return self.settle(&place, &alert, state).await;
        }
        let members: Vec<Message> = held.iter().map(|held| held.message.clone()).collect();
        let sent = self.notifier.send(&message::digest_of(&members, self.policy, self.now), self.now).await;
        let count = u32::try_from(held.len()).unwrap_or(u32::MAX);
        let settled: Vec<(&Place, &Alert, State)> = match &sent {
            Ok(()) => {
                self.report.digests += 1;
                self.report.sent += count;
                held.iter().map(|held| (&held.place, &held.alert, State::Sent { at: self.now })).collect()
            }
            Err(error) => {
                self.report.failed += count;
                self.report.note("a digest was not sent, its alerts are tried again", error);
                for held in held.iter().filter(|held| held.alert.attempts >= STUCK || !error.curable()) {
                    self.report.stuck(&held.alert.id);
                }
                held.iter().map(|held| (&held.place, &held.alert, Alert::retry(held.alert.attempts, self.now))).collect()
            }
        };
        self.report.lost += self.store.settle_all(&settled).await?;
        Ok(())
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
        let Some((place, alert)) = self.store.summary(Cause::System, day).await? else { return Ok(()) };
        let Claim::Won(alert) = self.store.claim_summary(&place, &alert, self.owner, self.now).await? else { return Ok(()) };
        let id = AlertId { opening: day.to_owned(), cause: Cause::System, step: Step::Nth(1) };
        let state = self.send(&message::system(&id, &self.report.stuck_ids, self.policy), &alert).await;
        self.settle(&place, &alert, state).await
    }
}
