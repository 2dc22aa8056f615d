//! Summaries: mail in quarantine and old requests, one alert for many of them.

use domain::alert::{AlertId, Cadence, Cause, DAY_MAX, State, cadence, period, severity, urgent};
use jiff::Timestamp;
use store::{Change, Claim, Filter, ListedTurn, MailFilter, MailList, StoreError, StoredMail, Summary};

use crate::message::{self, Message};
use crate::sweep::Sweep;

/// How many mails or requests a summary reads; more are "at least".
const SUMMARY_MAX: usize = 200;

/// What a summary that is due becomes.
enum Told {
    Message(Box<Message>),
    Nothing(&'static str),
}

impl Sweep<'_> {
    /// Sends a summary, or withdraws it. `name` is its UTC hour or day.
    pub(crate) async fn summary(&mut self, cause: Cause, name: &str) -> Result<(), StoreError> {
        let Some((place, alert)) = self.store.summary(cause, name).await? else { return Ok(()) };
        if !alert.claimable(self.now) {
            self.report.idle += 1;
            return Ok(());
        }
        let opens = self.policy.window.as_ref().map_or(self.now, |window| window.opens(&self.policy.zone, self.now));
        if opens > self.now && !urgent(&alert.id, false, severity(&alert.id, &[])) {
            self.report.shifted += u32::from(self.settle(&place, &alert, alert.shifted(opens)).await?);
            return Ok(());
        }
        // Claimed before it is read: what is added afterwards makes it owed again.
        let Claim::Won(alert) = self.store.claim_summary(&place, &alert, self.owner, self.now).await? else {
            self.report.lost += 1;
            return Ok(());
        };
        let told = match cause {
            Cause::Quarantine => self.quarantine(name, &alert.id).await?,
            Cause::Dormant => self.dormant(&alert.id).await?,
            Cause::System => Told::Message(Box::new(message::system(&alert.id, &self.report.stuck_ids, self.policy))),
            Cause::Test => Told::Message(Box::new(message::test(self.now, self.policy))),
            _ => Told::Nothing("there is nothing left to tell"),
        };
        let state = match told {
            Told::Message(message) => {
                let state = self.send(&message, &[&alert]).await.pop();
                state.iter().for_each(|state| self.report.told(&alert.id, None, state));
                state
            }
            Told::Nothing(why) => {
                self.report.withdrawn += 1;
                Some(State::Withdrawn { at: self.now, why: why.to_owned() })
            }
        };
        match state {
            Some(state) => self.settle(&place, &alert, state).await.map(drop),
            None => Ok(()),
        }
    }

    async fn quarantine(&self, name: &str, id: &AlertId) -> Result<Told, StoreError> {
        let nothing = Told::Nothing("there is nothing left to tell");
        let Some((from, until)) = period(name) else { return Ok(nothing) };
        let day = name.get(..10).unwrap_or(name);
        let mut rarer = false;
        if let Some((midnight, end)) = period(day).filter(|_| name != day) {
            let so_far = self.count(midnight, until).await?;
            // The hours before this one are counted only when it matters.
            let earlier = if so_far > DAY_MAX { self.count(midnight, from).await? } else { 0 };
            let cadence = cadence(earlier, so_far, until == end);
            if cadence != Cadence::Hour {
                self.owe_day(day).await?;
            }
            if cadence == Cadence::Day {
                return Ok(Told::Nothing("so many mails came that the day is told once"));
            }
            rarer = cadence == Cadence::LastOfDay;
        }
        let (mails, more) = self.quarantined(from, until).await?;
        if mails.is_empty() {
            return Ok(nothing);
        }
        Ok(Told::Message(Box::new(message::quarantine(id, &mails, more, rarer, self.policy))))
    }

    /// How many mails of a time are in quarantine, up to one more than decides.
    async fn count(&self, from: Timestamp, until: Timestamp) -> Result<usize, StoreError> {
        let limit = i32::try_from(DAY_MAX + 1).unwrap_or(i32::MAX);
        Ok(self.store.mails(MailList::Quarantined, from, until, limit).await?.len())
    }

    /// Makes the day's summary owed, also again if it was told before this hour was.
    async fn owe_day(&self, day: &str) -> Result<(), StoreError> {
        let waits = |state: &State| matches!(state, State::Pending { .. } | State::Retry { .. });
        if self.store.summary(Cause::Quarantine, day).await?.is_some_and(|(_, alert)| waits(&alert.state)) {
            return Ok(());
        }
        let Some(summary) = Summary::of_day(Cause::Quarantine, day, self.now) else { return Ok(()) };
        self.store.commit(&Change { summary: Some(summary), ..Change::default() }).await.map(drop)
    }

    /// The mails of a time, those that name an open request first, and whether there are more.
    async fn quarantined(&self, from: Timestamp, until: Timestamp) -> Result<(Vec<StoredMail>, bool), StoreError> {
        let mut mails = Vec::new();
        let mut more = false;
        for open in [true, false] {
            if mails.len() >= SUMMARY_MAX {
                more = true;
                break;
            }
            let filter = MailFilter { which: MailList::Quarantined, names_open: Some(open), from, until };
            let page = self.store.mail_page(&filter, None, SUMMARY_MAX - mails.len()).await?;
            mails.extend(page.items);
            more |= page.next.is_some();
        }
        Ok((mails, more))
    }

    async fn dormant(&self, id: &AlertId) -> Result<Told, StoreError> {
        let mut heads = Vec::new();
        for turn in [ListedTurn::Aws, ListedTurn::Ours] {
            let filter = Filter { turn: Some(turn), ..Filter::default() };
            let page = self.store.list(&filter, None, SUMMARY_MAX).await?;
            heads.extend(page.items.into_iter().filter(|h| h.dormant));
        }
        if heads.is_empty() {
            return Ok(Told::Nothing("there is nothing left to tell"));
        }
        Ok(Told::Message(Box::new(message::dormant(id, &heads, self.policy, self.now))))
    }
}
