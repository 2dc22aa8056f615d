//! When alerts that can wait are delivered: some days of the week, between two times of the day, in the operator's zone.
//!
//! A window shifts a delivery and never drops it. What is ours to do, and what is critical, does not wait for it.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Some days of the week, from a time of the day to before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    days: [bool; 7],
    from: Time,
    /// `None` is midnight at the end of the day.
    until: Option<Time>,
}

/// What a window looks like, for messages.
pub const WINDOW_WANTS: &str = "days and hours such as \"mon-fri 08:00-20:00\" or \"mon,wed,sat 09:30-24:00\"; it ends on the day it began";

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Window {
    /// Reads `mon-fri 08:00-20:00`: days (names, ranges, commas), then hours. `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (day_words, hours) = text.split_once(char::is_whitespace)?;
        let day = |word: &str| DAYS.iter().position(|d| *d == word.trim());
        let mut days = [false; 7];
        for word in day_words.split(',') {
            let (first, last) = match word.split_once('-') {
                Some((first, last)) => (day(first)?, day(last)?),
                None => (day(word)?, day(word)?),
            };
            // "sat-mon" goes over the end of the week.
            let span = (last + 7 - first) % 7;
            (0..=span).for_each(|n| days[(first + n) % 7] = true);
        }
        let (from, until) = hours.trim().split_once('-')?;
        let time = |word: &str| {
            let (hour, minute) = word.trim().split_once(':')?;
            let whole = |digits: &str| (digits.len() == 2).then(|| digits.parse::<i8>().ok()).flatten();
            Time::new(whole(hour)?, whole(minute)?, 0, 0).ok()
        };
        let from = time(from)?;
        let until = if until.trim() == "24:00" { None } else { Some(time(until)?) };
        until.is_none_or(|until| from < until).then_some(Self { days, from, until })
    }

    /// The first moment from `now` on at which it is open: `now` itself while it is.
    pub fn opens(&self, zone: &TimeZone, now: Timestamp) -> Timestamp {
        let today = zone.to_datetime(now).date();
        // Today may be over already, and every window opens at least once a week.
        (0..=7)
            .filter_map(|n| self.on(today.checked_add(Span::new().days(n)).ok()?, zone))
            .find(|(_, end)| now < *end)
            .map_or(now, |(start, _)| start.max(now))
    }

    /// Whether it is open.
    pub fn is_open(&self, zone: &TimeZone, now: Timestamp) -> bool {
        self.opens(zone, now) == now
    }

    /// Its beginning and end on a day. A time that the clocks skip is the moment after the jump, one that they repeat the first of both.
    fn on(&self, date: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
        self.days[weekday].then_some(())?;
        let at = |date: Date, time: Time| zone.to_timestamp(date.to_datetime(time)).ok();
        let end = match self.until {
            Some(until) => at(date, until)?,
            None => at(date.tomorrow().ok()?, Time::midnight())?,
        };
        Some((at(date, self.from)?, end))
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let days: Vec<&str> = DAYS.iter().zip(self.days).filter(|(_, on)| *on).map(|(day, _)| *day).collect();
        let until = self.until.map_or_else(|| "24:00".to_owned(), |until| until.strftime("%H:%M").to_string());
        write!(f, "{} {}-{until}", days.join(","), self.from.strftime("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central European Time, by the rule that a POSIX string states: no database is needed.
    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn opens(window: &str, now: &str) -> String {
        Window::parse(window).unwrap().opens(&berlin(), now.parse().unwrap()).to_string()
    }

    #[test]
    fn a_window_opens_at_its_second_and_closes_at_its_second() {
        let office = "mon-fri 08:00-20:00";
        // Friday the 20th of November 2026, an hour ahead of UTC.
        assert_eq!(opens(office, "2026-11-20T06:59:59Z"), "2026-11-20T07:00:00Z");
        assert_eq!(opens(office, "2026-11-20T07:00:00Z"), "2026-11-20T07:00:00Z");
        assert_eq!(opens(office, "2026-11-20T18:59:59Z"), "2026-11-20T18:59:59Z");
        assert_eq!(opens(office, "2026-11-20T19:00:00Z"), "2026-11-23T07:00:00Z", "over the weekend");
        assert_eq!(opens("fri 08:00-09:00", "2026-11-20T09:00:00Z"), "2026-11-27T07:00:00Z", "once a week");
        assert_eq!(opens("mon-sun 20:00-24:00", "2026-11-20T22:59:59Z"), "2026-11-20T22:59:59Z");
        assert_eq!(opens("mon-sun 20:00-24:00", "2026-11-20T23:00:00Z"), "2026-11-21T19:00:00Z");
    }

    #[test]
    fn eight_o_clock_is_eight_o_clock_when_the_clocks_change() {
        // Clocks go forward on 29 March 2026 and back on 25 October, both Sundays.
        let daily = "mon-sun 08:00-20:00";
        assert_eq!(opens(daily, "2026-03-28T20:00:00Z"), "2026-03-29T06:00:00Z");
        assert_eq!(opens(daily, "2026-10-24T20:00:00Z"), "2026-10-25T07:00:00Z");
        // 02:30 does not exist on the one day, and comes twice on the other.
        let night = "mon-sun 02:30-05:00";
        assert_eq!(opens(night, "2026-03-29T00:00:00Z"), "2026-03-29T01:30:00Z");
        assert_eq!(opens(night, "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for bad in [
            "",
            "mon",
            "mon-fri",
            "08:00-20:00",
            "mon-fri 20:00-08:00",
            "mon-fri 8-20",
            "mon-fri 08:00-08:00",
            "mo-fr 08:00-20:00",
            "mon-fri 08:00-25:00",
            "mon 08:00-20:00 x",
        ] {
            assert_eq!(Window::parse(bad), None, "{bad}");
        }
        assert_eq!(Window::parse("SAT-mon,Wed 08:00 - 24:00").unwrap().to_string(), "mon,wed,sat,sun 08:00-24:00");
    }
}
