//! Alerts, with their place in the index of work.

use domain::alert::{Alert, AlertId, Cause, State, Step};

use super::{Item, Reader, Writer};
use crate::StoreError;
use crate::keys::ItemKey;

/// The attributes of an alert's state; those of other states are absent.
pub(crate) fn write_alert(key: &ItemKey, alert: &Alert) -> Item {
    let writer = Writer::new(key)
        .text("opening", &alert.id.opening)
        .text("cause", alert.id.cause.as_str())
        .text("step", alert.id.step.to_string())
        .text("state", alert.state.as_str())
        .flag("standing", alert.standing)
        .time("made", alert.made)
        .number("attempts", alert.attempts)
        .number("skipped", alert.skipped);
    let writer = match alert.work_at() {
        Some(at) => writer.text("work", crate::keys::shard(&key.pk)).time("work_at", at),
        None => writer,
    };
    match &alert.state {
        State::Pending { .. } | State::Retry { .. } => writer,
        State::Sending { owner, .. } => writer.text("owner", owner),
        State::Sent { at } => writer.time("ended", *at),
        State::Withdrawn { at, why } => writer.time("ended", *at).text("why", why),
    }
    .done()
}

pub(crate) fn read_alert(item: &Item) -> Result<Alert, StoreError> {
    let r = Reader::checked(item)?;
    let id =
        AlertId { opening: r.text("opening")?.to_owned(), cause: r.parsed("cause", Cause::parse)?, step: r.parsed("step", Step::parse)? };
    let state = match r.text("state")? {
        "pending" => State::Pending { at: r.time("work_at")? },
        "retry" => State::Retry { at: r.time("work_at")? },
        "sending" => State::Sending { owner: r.text("owner")?.to_owned(), until: r.time("work_at")? },
        "sent" => State::Sent { at: r.time("ended")? },
        "withdrawn" => State::Withdrawn { at: r.time("ended")?, why: r.text("why")?.to_owned() },
        _ => return Err(r.wrong("state")),
    };
    Ok(Alert {
        id,
        state,
        standing: r.flag("standing"),
        made: r.time("made")?,
        attempts: r.number("attempts")?,
        skipped: r.number("skipped")?,
    })
}
