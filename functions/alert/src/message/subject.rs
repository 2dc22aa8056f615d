//! The subject: an interface that people filter on, frozen.

use domain::alert::{AlertId, Cause, Step};
use domain::ids::Region;

/// SNS wants a subject of fewer than 100 characters, ASCII, without line breaks.
pub const SUBJECT_MAX: usize = 99;

/// The word of an end, whatever it is the end of.
pub(super) const RESOLVED: &str = "RESOLVED";

/// The word of a cause in the subject. Frozen.
pub(super) const fn word(id: &AlertId) -> &'static str {
    match (id.step, id.cause) {
        (Step::Resolved, _) => RESOLVED,
        (_, Cause::Overdue | Cause::Dormant) => "OVERDUE",
        (_, Cause::OurTurn) => "OUR TURN",
        (_, Cause::Unclear) => "UNCLEAR",
        (_, Cause::Confirm) => "CONFIRM",
        (_, Cause::Approved) => "APPROVED",
        (_, Cause::Denied) => "DENIED",
        (_, Cause::Unexpected | Cause::Quarantine) => "CHECK MAIL",
        (_, Cause::System) => "SYSTEM",
        (_, Cause::Test) => "TEST",
    }
}

/// `[port25] OVERDUE 51h 123456789012 eu-west-1 <shown id>`; what is unknown is `-`, several Regions are the first and `+n`.
pub(super) fn subject(word: &str, hours: Option<i64>, account: Option<&str>, regions: &[Region], id: &str) -> String {
    let hours = hours.map(|h| format!(" {h}h")).unwrap_or_default();
    let more = if regions.len() > 1 { format!("+{}", regions.len() - 1) } else { String::new() };
    let region = regions.first().map_or("-", |r| r.as_str());
    fit(format!("[port25] {word}{hours} {} {region}{more} {id}", account.unwrap_or("-")))
}

/// `[port25] OVERDUE 37 requests, oldest 75h`.
pub(super) fn many(word: &str, count: usize, oldest: i64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    fit(format!("[port25] {word} {count} request{plural}, oldest {oldest}h"))
}

/// `[port25] CHECK MAIL 4 in quarantine, 1 naming an open request`.
pub(super) fn quarantined(count: usize, open: usize) -> String {
    fit(format!("[port25] CHECK MAIL {count} in quarantine, {open} naming an open request"))
}

/// `[port25] SYSTEM alerts do not go out`.
pub(super) fn system() -> String {
    "[port25] SYSTEM alerts do not go out".to_owned()
}

/// `[port25] TEST`.
pub(super) fn test() -> String {
    "[port25] TEST".to_owned()
}

fn fit(mut subject: String) -> String {
    subject.retain(|c| c.is_ascii() && !c.is_ascii_control());
    subject.truncate(SUBJECT_MAX);
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People filter on subjects: this format is frozen. Do not change this test to make it pass.
    #[test]
    fn the_subject_format_is_frozen() {
        let eu = [Region::parse("eu-west-1").unwrap()];
        let two = [Region::parse("eu-west-1").unwrap(), Region::parse("us-east-1").unwrap(), Region::parse("us-west-2").unwrap()];
        assert_eq!(
            subject("OVERDUE", Some(51), Some("123456789012"), &eu, "172345678900123"),
            "[port25] OVERDUE 51h 123456789012 eu-west-1 172345678900123"
        );
        assert_eq!(subject("OUR TURN", None, None, &[], "p25-abcdefghij"), "[port25] OUR TURN - - p25-abcdefghij");
        assert_eq!(subject("APPROVED", None, None, &two, "1"), "[port25] APPROVED - eu-west-1+2 1");
        let words = Cause::ALL.map(|cause| word(&AlertId { opening: String::new(), cause, step: Step::Nth(1) }));
        let frozen =
            ["OVERDUE", "OUR TURN", "UNCLEAR", "CONFIRM", "APPROVED", "DENIED", "CHECK MAIL", "CHECK MAIL", "OVERDUE", "SYSTEM", "TEST"];
        assert_eq!(words, frozen);
        let ends = Cause::ALL.map(|cause| word(&AlertId { opening: String::new(), cause, step: Step::Resolved }));
        assert_eq!(ends, ["RESOLVED"; 11]);
        assert_eq!(many("OVERDUE", 37, 75), "[port25] OVERDUE 37 requests, oldest 75h");
        assert_eq!(many("OUR TURN", 1, 0), "[port25] OUR TURN 1 request, oldest 0h");
        assert_eq!(quarantined(4, 1), "[port25] CHECK MAIL 4 in quarantine, 1 naming an open request");
        assert_eq!((system().as_str(), test().as_str()), ("[port25] SYSTEM alerts do not go out", "[port25] TEST"));
    }

    #[test]
    fn a_subject_is_ascii_and_short_enough_for_sns() {
        let long = subject("OVERDUE", Some(9_999), Some("123456789012"), &[], &"x".repeat(300));
        assert!(long.len() <= SUBJECT_MAX && long.is_ascii());
    }
}
