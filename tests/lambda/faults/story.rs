//! What happens in one run: mails of some requests, trusted and forged, doubled, out of order; and what people do.

use api::act::{Until, What};
use domain::policy::Policy;
use domain::request::{Entry, Outcome};
use ingest::{Delivery, Origin, Signatures};
use jiff::{SignedDuration, Timestamp};

use super::super::{id, rfc2822};
use crate::simulation::scenario::{Event, GROUP, Kind, MAILS};
use crate::world::stored_by_ses;

/// Within this of a step of a silence no mail is written: what a run sees must not depend on how long it takes.
const MARGIN: i64 = 600;
const DAY: i64 = 86_400;

/// An object of the bucket.
pub(super) struct Mail {
    pub(super) key: String,
    pub(super) message_id: String,
    pub(super) bytes: Vec<u8>,
    /// What it must become; `None` for a forgery.
    pub(super) entry: Option<Entry>,
    /// Whether ingest is ever told of it. If not, the audit has to find it.
    pub(super) told: bool,
}

pub(super) struct Story {
    pub(super) policy: Policy,
    /// The requests, by AWS's ids.
    pub(super) requests: Vec<String>,
    pub(super) mails: Vec<Mail>,
    /// What people try, with the number of the request.
    pub(super) deeds: Vec<(usize, What)>,
}

impl Story {
    pub(super) fn of(rng: &mut fastrand::Rng, now: Timestamp) -> Self {
        let policy = Policy {
            own_addresses: [port25::demo::OWN_ADDRESS.to_owned()].into(),
            forwarders: [GROUP.to_owned()].into(),
            ..Policy::default()
        };
        let requests: Vec<String> = (1..=rng.u32(1..4)).map(id).collect();
        let mut mails = Vec::new();
        for (r, request) in requests.iter().enumerate() {
            // From the oldest to the newest, the last one minutes ago or days.
            let mut ages: Vec<i64> = (0..rng.usize(2..8)).map(|_| rng.i64(MARGIN..110 * 3_600)).collect();
            for age in &mut ages {
                *age += if *age % DAY < MARGIN { MARGIN } else { 0 };
                *age -= if *age % DAY > DAY - MARGIN { 2 * MARGIN } else { 0 };
            }
            ages.sort_unstable_by(|a, b| b.cmp(a));
            ages.dedup();
            for (n, age) in ages.into_iter().enumerate() {
                let kind = if n == 0 { Kind::Received } else { *rng.choice(&MAILS).unwrap_or(&Kind::Progress) };
                let at = Timestamp::from_second(now.as_second() - age).unwrap();
                let event = Event { comes: at, at, kind, n };
                let copies = if rng.u8(0..6) == 0 { 2 } else { 1 };
                for copy in 0..copies {
                    let told = copy > 0 || rng.u8(0..10) > 0;
                    mails.push(Mail::of(&event, request, format!("r{r}-m{n}-c{copy}"), told, &policy));
                }
            }
        }
        rng.shuffle(&mut mails);
        let deeds = (0..rng.usize(0..4)).map(|_| (rng.usize(0..requests.len()), deed(rng))).collect();
        Self { policy, requests, mails, deeds }
    }

    /// Every mail that counts, once, as the entry that it must become.
    pub(super) fn entries(&self) -> Vec<&Entry> {
        let mut all: Vec<&Entry> = self.mails.iter().filter_map(|mail| mail.entry.as_ref()).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        all
    }
}

impl Mail {
    fn of(event: &Event, request: &str, key: String, told: bool, policy: &Policy) -> Self {
        // As SES writes it: with the time at which it came, so that no function's clock matters.
        let line = format!(
            "Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n for port25@track.corp.example;\r\n {}\r\n",
            rfc2822(event.at + SignedDuration::from_secs(4))
        );
        let bytes = stored_by_ses(&key, &[line.as_bytes(), &event.bytes(request)].concat());
        let delivery = Delivery {
            object: &key,
            bytes: &bytes,
            truncated: false,
            verdicts: None,
            origin: Origin::Ses,
            signatures: Signatures::default(),
        };
        let judged = ingest::file::judge(&delivery, policy);
        let entry = Entry::of_mail(&judged.mail, &judged.reading, policy, &key, event.at);
        let message_id = entry.mail().unwrap().message_id.as_str().to_owned();
        let entry = (!event.kind.is_forged()).then_some(entry);
        Self { message_id, entry, told, key, bytes }
    }
}

fn deed(rng: &mut fastrand::Rng) -> What {
    match rng.u8(0..6) {
        0 => What::Replied,
        1 => What::Ack(None),
        2 => What::Snooze(Until::For(SignedDuration::from_hours(rng.i64(2..72)))),
        3 => What::Settle(Outcome::Closed),
        4 => What::Reopen,
        _ => What::Note(format!("note {}", rng.u32(..))),
    }
}
