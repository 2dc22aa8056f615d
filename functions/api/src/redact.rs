//! What readers do not see: the words of mails, and who people are. A read token shows states, times and ids; addresses are masked
//! wherever they stand in a text.

use crate::access::Caller;
use crate::history::Event;
use crate::quarantine::Quarantined;
use crate::view::{Detail, Item};

/// Something that is shown to people.
pub(crate) trait Redact {
    /// Takes away what readers do not see.
    fn redact(&mut self);
}

/// The same as this caller may see it.
pub(crate) fn seen_by<T: Redact>(caller: &Caller, mut shown: T) -> T {
    if !caller.sees_all() {
        shown.redact();
    }
    shown
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self) {
        self.iter_mut().for_each(Redact::redact);
    }
}

impl Redact for Item {
    fn redact(&mut self) {
        mask(&mut self.subject);
    }
}

impl Redact for Detail {
    fn redact(&mut self) {
        self.item.redact();
        self.history.redact();
        self.facts.denial_reason = None;
        mask(&mut self.next_look_why);
        let answer = &mut self.answer;
        mask(&mut answer.instruction);
        [&mut answer.to, &mut answer.mailbox, &mut answer.subject].into_iter().flatten().for_each(mask);
        answer.draft = None;
        answer.eml = false;
    }
}

impl Redact for Event {
    fn redact(&mut self) {
        match self {
            Self::Mail(mail) => {
                mask(&mut mail.from);
                mask(&mut mail.subject);
                mail.excerpt = None;
                mail.facts.denial_reason = None;
                mail.evidence.iter_mut().for_each(|evidence| evidence.matched = None);
            }
            Self::Action(action) => {
                mask(&mut action.by);
                [&mut action.says, &mut action.why].into_iter().flatten().for_each(mask);
            }
            Self::HoldEnded(ended) => {
                mask(&mut ended.by);
                mask(&mut ended.says);
            }
            Self::Alert(alert) => mask(&mut alert.why),
        }
    }
}

impl Redact for Quarantined {
    fn redact(&mut self) {
        [&mut self.from, &mut self.subject, &mut self.why].into_iter().for_each(mask);
    }
}

/// Masks every address in a text: `net-ops@corp.example` is `n***@corp.example`.
fn mask(text: &mut String) {
    if !text.contains('@') {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut local = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) {
            local.push(c);
            continue;
        }
        if c == '@' {
            out.extend(local.chars().next());
            out.push_str("***");
        } else {
            out.push_str(&local);
        }
        local.clear();
        out.push(c);
    }
    out.push_str(&local);
    *text = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_wherever_they_stand() {
        for (text, want) in [
            ("net-ops@corp.example", "n***@corp.example"),
            ("Reply from <a.b+c@x.example>, to d@y.example.", "Reply from <a***@x.example>, to d***@y.example."),
            ("nothing here", "nothing here"),
            ("@", "***@"),
            ("\"q s\"@x.example", "\"q s\"***@x.example"),
            ("ä@x.example", "ä***@x.example"),
            ("a@b@c", "a***@b***@c"),
        ] {
            let mut got = text.to_owned();
            mask(&mut got);
            assert_eq!(got, want);
        }
    }
}
