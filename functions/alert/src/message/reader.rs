//! For whom a message is written: in which language, and with times of which zone.

use domain::policy::{Language, Policy};
use domain::reply::minute;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The people who read alerts, as the operator describes them.
pub(super) struct Reader<'a> {
    pub policy: &'a Policy,
}

/// One sentence in both languages, side by side; values are named in braces.
macro_rules! say {
    ($reader:expr, $english:literal, $japanese:literal $(,)?) => {
        match $reader.language() {
            domain::policy::Language::English => format!($english),
            domain::policy::Language::Japanese => format!($japanese),
        }
    };
}

pub(super) use say;

impl Reader<'_> {
    pub(super) const fn language(&self) -> Language {
        self.policy.language
    }

    /// `2026-11-20 10:02Z`, and beside it the time of the operator's zone, with its day where that is another one:
    /// `2026-11-20 10:02Z (11:02 Europe/Berlin)`.
    pub(super) fn time(&self, at: Timestamp) -> String {
        let utc = minute(at);
        let zone = &self.policy.zone;
        if *zone == TimeZone::UTC || matches!(zone.iana_name(), Some("UTC" | "Etc/UTC")) {
            return utc;
        }
        let local = zone.to_datetime(at);
        let (date, time) = (local.date().to_string(), local.strftime("%H:%M"));
        let day = if utc.starts_with(&date) { String::new() } else { format!("{date} ") };
        // A zone that is a rule and no name.
        let name = zone.iana_name().map_or_else(|| format!("UTC{}", zone.to_offset(at)), str::to_owned);
        format!("{utc} ({day}{time} {name})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_s_time_stands_beside_utc_and_its_day_where_it_is_another() {
        let shown = |zone: TimeZone, at: &str| {
            let policy = Policy { zone, ..Policy::default() };
            Reader { policy: &policy }.time(at.parse().unwrap())
        };
        let (morning, night) = ("2026-11-20T10:02:31Z", "2026-11-20T23:30:00Z");
        assert_eq!(shown(TimeZone::UTC, morning), "2026-11-20 10:02Z");
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(shown(berlin.clone(), morning), "2026-11-20 10:02Z (11:02 Europe/Berlin)");
        assert_eq!(shown(berlin.clone(), night), "2026-11-20 23:30Z (2026-11-21 00:30 Europe/Berlin)");
        assert_eq!(shown(berlin, "2026-07-01T10:00:00Z"), "2026-07-01 10:00Z (12:00 Europe/Berlin)");
        assert_eq!(shown(TimeZone::posix("CET-1").unwrap(), morning), "2026-11-20 10:02Z (11:02 UTC+01)");
    }
}
