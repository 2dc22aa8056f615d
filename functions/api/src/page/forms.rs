//! The forms of a request's page, for sessions that may write. Without a session there is no secret to put into them, so there are none.

use maud::{Markup, html};

use super::csrf;
use super::url::Base;
use crate::access::Caller;
use crate::access::secret::random;
use crate::access::session::Open;
use crate::problem::Problem;
use crate::view::Detail;

/// For how long a request may be held quiet, in hours: what the forms offer.
const WHILES: [(u16, &str); 5] = [(4, "4 hours"), (24, "24 hours"), (72, "3 days"), (168, "7 days"), (720, "30 days")];
const ACK: u16 = 24;
const SNOOZE: u16 = 72;

/// What every form of one rendered page carries.
pub(super) struct Forms<'a> {
    open: &'a Open,
    /// Random: each form makes a key of its own of it.
    key: String,
    /// What its reader saw.
    version: u64,
}

impl<'a> Forms<'a> {
    /// For who may write.
    pub(super) fn of(caller: &'a Caller, version: u64) -> Result<Option<Self>, Problem> {
        let Some(open) = caller.session.as_ref().filter(|_| caller.sees_all()) else { return Ok(None) };
        Ok(Some(Self { open, key: random().map_err(Problem::random)?, version }))
    }

    fn form(&self, action: &str, deed: &str, fields: &Markup, button: &str) -> Markup {
        html! {
            form.deed method="post" action=(action) {
                (csrf(self.open))
                input type="hidden" name="key" value={ (self.key) "-" (deed) };
                input type="hidden" name="version" value=(self.version);
                (fields)
                button type="submit" { (button) }
            }
        }
    }

    fn on(&self, base: &Base, detail: &Detail, deed: &'static str, fields: &Markup, button: &str) -> Markup {
        self.form(&base.deed(&detail.item.id, deed), deed, fields, button)
    }

    /// AWS was answered: stands beside the draft.
    pub(super) fn replied(&self, base: &Base, detail: &Detail) -> Markup {
        self.on(base, detail, "replied", &html! {}, "I have answered AWS: its clock starts again")
    }

    /// Everything else.
    pub(super) fn others(&self, base: &Base, detail: &Detail) -> Markup {
        let settled = detail.item.turn.turn == "settled";
        html! {
            section.deeds {
                h2 #forms { "Say something of it" }
                div.cards {
                    @if !settled {
                        div {
                            h3 { "Seen" }
                            p.hint { "No repeats for a while, or until AWS writes. A first alert still goes out." }
                            (self.on(base, detail, "ack", &whiles("ack-hours", ACK), "I have seen it"))
                        }
                        div {
                            h3 { "Put off" }
                            p.hint { "The same, planned: come back to it then." }
                            (self.on(base, detail, "snooze", &html! {
                                (whiles("snooze-hours", SNOOZE))
                                label for="snooze-until" { "or until (UTC)" }
                                input #snooze-until type="datetime-local" name="until";
                            }, "Put it off"))
                        }
                        div {
                            h3 { "Settle" }
                            p.hint { "It is over, and no mail said so." }
                            (self.on(base, detail, "settle", &html! {
                                label for="outcome" { "How it ended" }
                                select #outcome name="outcome" required {
                                    option value="" { "choose" }
                                    @for outcome in ["approved", "denied", "closed"] { option value=(outcome) { (outcome) } }
                                }
                                (why("settle-why"))
                            }, "Settle it"))
                        }
                    } @else {
                        div {
                            h3 { "Reopen" }
                            p.hint { "It is not over: it is our turn again." }
                            (self.on(base, detail, "reopen", &why("reopen-why"), "Open it again"))
                        }
                    }
                    @if detail.item.aws_id.is_none() {
                        div {
                            h3 { "AWS's ID" }
                            p.hint { "You know it, and no mail here names it. What is known under it already becomes one with this." }
                            (self.on(base, detail, "identify", &html! {
                                label for="aws-id" { "The ID, as AWS shows it" }
                                input #aws-id type="text" name="aws_id" maxlength="60" required autocomplete="off";
                            }, "This is its ID"))
                        }
                    }
                    div {
                        h3 { "Note" }
                        p.hint { "For the history; changes nothing else." }
                        (self.on(base, detail, "note", &html! {
                            label for="note" { "Words" }
                            textarea #note name="text" rows="3" maxlength="2000" required {}
                        }, "Write the note"))
                    }
                }
            }
        }
    }

    /// A form of a mail in quarantine.
    pub(super) fn verdict(&self, base: &Base, mail: &str, deed: &'static str, fields: &Markup, button: &str) -> Markup {
        self.form(&base.verdict(mail, deed), &format!("{deed}-{mail}"), fields, button)
    }
}

fn whiles(id: &str, chosen: u16) -> Markup {
    html! {
        label for=(id) { "For" }
        select #(id) name="hours" {
            @for (hours, text) in WHILES { option value=(hours) selected[hours == chosen] { (text) } }
        }
    }
}

/// Why, for the history.
pub(super) fn why(id: &str) -> Markup {
    html! {
        label for=(id) { "Why (optional)" }
        input #(id) type="text" name="why" maxlength="500" autocomplete="off";
    }
}
