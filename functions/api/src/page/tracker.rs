//! Whether the tracker itself is well: the first line of the page, so that silence is provably AWS's.

use maud::{Markup, html};

use super::words;
use crate::status::Status;

/// One line when it is well, an alarm when it is not.
pub(super) fn line(status: &Status) -> Markup {
    html! {
        @if !status.problems.is_empty() {
            div.ill role="alert" {
                strong { span aria-hidden="true" { "▲" } " The tracker is not well" }
                ul { @for problem in &status.problems { li { (problem) } } }
            }
        }
        p.tracker {
            @if status.problems.is_empty() { strong.well { span aria-hidden="true" { "✔" } " The tracker is well" } " · " }
            "last mail " (last(status.last_mail.as_deref())) " · last sweep " (last(status.last_sweep.as_deref())) " · "
            @match (status.unsent_alerts, &status.oldest_unsent_alert) {
                (0, _) | (_, None) => "no unsent alert",
                (1, Some(since)) => { "1 unsent alert, due since " (words::time_ago(since)) },
                (n, Some(since)) => { (n) " unsent alerts, the oldest due since " (words::time_ago(since)) },
            }
        }
    }
}

fn last(at: Option<&str>) -> Markup {
    html! { @match at { Some(at) => (words::time_ago(at)), None => "never" } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(problems: &[&str], unsent_alerts: usize) -> Status {
        Status {
            status: "ok",
            problems: problems.iter().map(ToString::to_string).collect(),
            last_sweep: Some("2026-11-24T09:59:00Z".to_owned()),
            last_mail: None,
            oldest_mail_without_outcome: None,
            oldest_unsent_alert: (unsent_alerts > 0).then(|| "2026-11-24T09:58:00Z".to_owned()),
            unsent_alerts,
            version: "0",
        }
    }

    #[test]
    fn what_is_wrong_is_an_alarm_and_what_is_well_is_a_line() {
        let well = line(&status(&[], 0)).into_string();
        assert!(well.contains("The tracker is well") && well.contains("no unsent alert") && !well.contains("alert\""), "{well}");
        assert!(well.contains("last mail never"), "{well}");
        let ill = line(&status(&["No sweep has ended."], 2)).into_string();
        assert!(ill.contains("role=\"alert\"") && ill.contains("No sweep has ended.") && ill.contains("2 unsent alerts"), "{ill}");
        assert!(!ill.contains("is well"), "{ill}");
    }
}
