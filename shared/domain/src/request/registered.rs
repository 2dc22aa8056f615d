//! Requests that a person submitted to AWS by hand: registered before, or without, a mail of AWS.
//!
//! A registration is an action that begins a request, as a mail does: it binds by AWS's ID where the person knows it, and by a
//! Message-ID that stands for the mail that nobody has. It opens AWS's turn where there is none and never restarts a clock, so
//! it makes no loud request quiet. AWS's mail joins it by the ID; where it has none, a person moves a mail into it, and the first
//! AWS ID that comes with such a mail, or in answer to it, becomes the ID of the registered request too. Or a person hears it otherwise
//! and says it ([`Act::Identify`]).

use std::collections::HashMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::classify::Family;
use crate::ids::{AccountId, AwsId, MessageId, Region};
use crate::text::{cut, one_line};

use super::entry::{Act, Action, Entry, Fact, Reference, SUBJECT_MAX};

/// How long ago it may have been submitted: what is older would be dormant from its first day.
pub const SUBMITTED_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many Regions one form names at most; more are more requests.
pub const SUBMITTED_REGIONS_MAX: usize = 20;

/// What was submitted, as the person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What kind of AWS mail will be about it.
    pub family: Family,
    /// The account it was asked for.
    pub account: Option<AccountId>,
    /// The Regions it was asked for, each once.
    pub regions: Vec<Region>,
    /// What people call it: one line.
    pub subject: String,
}

/// Why nothing can have been submitted so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSubmitted {
    /// It has no title.
    NoSubject,
    /// Mail of this family is no part of a request's life.
    NoRequest(Family),
    /// It names too many Regions.
    ManyRegions(usize),
    /// It was submitted after now.
    Future(Timestamp),
    /// It was submitted too long ago.
    TooOld(Timestamp),
}

impl Submitted {
    /// The families that a request can be of.
    pub const FAMILIES: [Family; 5] = [Family::Port25, Family::Abuse, Family::SupportCase, Family::Verification, Family::Other];

    /// What was submitted, in the form that is kept.
    ///
    /// # Errors
    /// When it has no title, is of a family that is no request's, or names too many Regions.
    pub fn new(family: Family, account: Option<AccountId>, regions: &[Region], subject: &str) -> Result<Self, NotSubmitted> {
        if !Self::FAMILIES.contains(&family) {
            return Err(NotSubmitted::NoRequest(family));
        }
        let mut once: Vec<Region> = Vec::new();
        for region in regions {
            if !once.contains(region) {
                once.push(region.clone());
            }
        }
        if once.len() > SUBMITTED_REGIONS_MAX {
            return Err(NotSubmitted::ManyRegions(once.len()));
        }
        match cut(&one_line(subject), SUBJECT_MAX) {
            subject if subject.is_empty() => Err(NotSubmitted::NoSubject),
            subject => Ok(Self { family, account, regions: once, subject }),
        }
    }

    /// When it was submitted, in the precision that is kept: at most now, and not so long ago that it would be dormant.
    ///
    /// # Errors
    /// When it is outside of that.
    pub fn at(since: Timestamp, now: Timestamp) -> Result<Timestamp, NotSubmitted> {
        let at = Timestamp::from_millisecond(since.as_millisecond()).unwrap_or(since);
        if since > now {
            Err(NotSubmitted::Future(since))
        } else if now.duration_since(at) > SUBMITTED_MAX {
            Err(NotSubmitted::TooOld(since))
        } else {
            Ok(at)
        }
    }
}

impl NotSubmitted {
    /// The name of what is wrong, as the API and the command line call it.
    pub const fn what(&self) -> &'static str {
        match self {
            Self::NoSubject => "subject",
            Self::NoRequest(_) => "family",
            Self::ManyRegions(_) => "regions",
            Self::Future(_) | Self::TooOld(_) => "since",
        }
    }
}

impl fmt::Display for NotSubmitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSubject => f.write_str("the subject is empty: say in one line what was asked of AWS"),
            Self::NoRequest(family) => {
                let words = Submitted::FAMILIES.map(Family::as_str).join(", ");
                write!(f, "nobody asks AWS for a {}: give one of {words}", family.as_str())
            }
            Self::ManyRegions(n) => write!(f, "{n} Regions are too many for one request: give at most {SUBMITTED_REGIONS_MAX}"),
            Self::Future(at) => write!(f, "{at} is in the future: give the time at which it was submitted"),
            Self::TooOld(at) => write!(f, "{at} is more than 30 days ago: submit the request again, and register that"),
        }
    }
}

impl std::error::Error for NotSubmitted {}

/// A registration among the entries of a bundle.
#[derive(Clone, Debug)]
pub(super) struct Registration<'a> {
    pub entry: &'a Entry,
    pub action: &'a Action,
    pub submitted: &'a Submitted,
    /// Stands for the mail that nobody has.
    pub id: MessageId,
    /// AWS's ID, where a person knew it, then or later.
    pub aws_id: Option<&'a AwsId>,
}

/// The registrations of a bundle, in the order of `entries`.
pub(super) fn registrations<'a>(entries: &[&'a Entry]) -> Vec<Registration<'a>> {
    let mut later: HashMap<&MessageId, &AwsId> = HashMap::new();
    for entry in entries {
        if let Fact::Action(Action { act: Act::Identify(aws_id), about: Reference::Message(id), .. }) = &entry.fact {
            later.insert(id, aws_id);
        }
    }
    let of = |entry: &'a Entry| {
        let Fact::Action(action @ Action { act: Act::Register(submitted), about, .. }) = &entry.fact else { return None };
        let id = MessageId::of_registration(&entry.id);
        let aws_id = match about {
            Reference::Aws(id) => Some(id),
            Reference::Message(_) => later.get(&id).copied(),
        };
        Some(Registration { entry, action, submitted, id, aws_id })
    };
    entries.iter().filter_map(|entry| of(entry)).collect()
}

/// The AWS IDs of registrations: what a person knew, else the first that came with a mail that leads there.
pub(super) fn aws_ids<'r>(
    registrations: &'r [Registration<'_>],
    leading: impl Iterator<Item = (&'r MessageId, &'r AwsId)>,
) -> HashMap<&'r MessageId, &'r AwsId> {
    let mut ids: HashMap<&MessageId, &AwsId> = registrations.iter().filter_map(|r| Some((&r.id, r.aws_id?))).collect();
    for (registration, aws_id) in leading {
        if registrations.iter().any(|r| r.id == *registration) {
            ids.entry(registration).or_insert(aws_id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_submitted_has_a_title_a_kind_and_some_regions() {
        let region = |n: u8| Region::parse(&format!("eu-west-{}", n % 10)).unwrap();
        let submitted = Submitted::new(Family::Port25, None, &[region(1), region(2), region(1)], " Open\r\nport 25\u{202E} ").unwrap();
        assert_eq!((submitted.regions.len(), submitted.subject.as_str()), (2, "Open port 25"));
        let wrong = |family, regions: &[Region], subject: &str| Submitted::new(family, None, regions, subject).unwrap_err();
        assert_eq!(wrong(Family::Port25, &[], " \n\u{200B}"), NotSubmitted::NoSubject);
        for family in [Family::Notice, Family::Carrier, Family::AlertEcho] {
            let error = wrong(family, &[], "x");
            assert!(error.what() == "family" && error.to_string().contains("support-case"), "{error}");
        }
        let areas = ["eu", "us", "ap"].iter().flat_map(|a| (0..10).map(move |n| Region::parse(&format!("{a}-west-{n}")).unwrap()));
        assert_eq!(wrong(Family::Port25, &areas.collect::<Vec<_>>(), "x"), NotSubmitted::ManyRegions(30));
        assert!(Submitted::new(Family::Port25, None, &[], &"日".repeat(500)).is_ok_and(|s| s.subject.len() <= SUBJECT_MAX));
    }

    #[test]
    fn it_was_submitted_within_the_last_thirty_days() {
        let now = at("2026-11-20T10:00:00.123456Z");
        assert_eq!(Submitted::at(now, now), Ok(at("2026-11-20T10:00:00.123Z")), "in the precision of the table");
        assert!(matches!(Submitted::at(at("2026-11-20T10:00:00.123457Z"), now), Err(NotSubmitted::Future(_))));
        assert!(Submitted::at(at("2026-10-21T10:00:00.124Z"), now).is_ok());
        assert!(matches!(Submitted::at(at("2026-10-21T10:00:00.123Z"), now), Err(NotSubmitted::TooOld(_))));
    }
}
