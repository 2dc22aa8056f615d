//! How often people are told of mail in quarantine: once for each UTC hour, and above a hundred mails in a UTC day once for the day.

use jiff::{SignedDuration, Timestamp};

/// With more mails than this in one UTC day, the day is told as a whole: a flood must not become a flood of alerts.
pub const DAY_MAX: usize = 100;

/// What a summary that is due for an hour becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// It is told.
    Hour,
    /// It is told as the last one of the day, and says so.
    LastOfDay,
    /// It is not told: the day's summary tells of it.
    Day,
}

/// The cadence of an hour's summary. `earlier` mails came in the day before this hour, `so_far` with it; the last hour of a day has
/// nothing behind it to be held back, so the day's summary stands for it.
pub const fn cadence(earlier: usize, so_far: usize, last_hour: bool) -> Cadence {
    match (so_far > DAY_MAX, earlier > DAY_MAX || last_hour) {
        (false, _) => Cadence::Hour,
        (true, false) => Cadence::LastOfDay,
        (true, true) => Cadence::Day,
    }
}

/// The time that a summary's name covers: a UTC hour (`2026-11-20T10`) or a UTC day (`2026-11-20`), from its beginning to before
/// its end.
pub fn period(name: &str) -> Option<(Timestamp, Timestamp)> {
    let (from, hours) = match name.len() {
        13 => (format!("{name}:00:00Z"), 1),
        10 => (format!("{name}T00:00:00Z"), 24),
        _ => return None,
    };
    let from: Timestamp = from.parse().ok()?;
    Some((from, from.checked_add(SignedDuration::from_hours(hours)).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_a_hundred_in_a_day_the_hour_that_crosses_is_told_and_then_the_day() {
        assert_eq!(cadence(0, 100, false), Cadence::Hour);
        assert_eq!(cadence(100, 101, false), Cadence::LastOfDay);
        assert_eq!(cadence(0, 101, false), Cadence::LastOfDay);
        assert_eq!(cadence(101, 101, false), Cadence::Day);
        assert_eq!(cadence(0, 101, true), Cadence::Day);
        assert_eq!(cadence(99, 100, true), Cadence::Hour);
    }

    #[test]
    fn a_name_covers_its_hour_or_its_day() {
        let hours = |name| period(name).map(|(from, until)| (from.to_string(), until.duration_since(from).as_hours()));
        assert_eq!(hours("2026-11-20T10"), Some(("2026-11-20T10:00:00Z".to_owned(), 1)));
        assert_eq!(hours("2026-11-20"), Some(("2026-11-20T00:00:00Z".to_owned(), 24)));
        assert_eq!((hours("2026-11"), hours("2026-11-20T1x")), (None, None));
    }
}
