//! The facts of a mail: addresses, reverse-DNS names, resources, granted limits, and the reason of a denial.
//!
//! They are shown to people and decide nothing. What a mail names is taken from the newest text (and from the subject, where AWS
//! wrote it), and only from quoted text when the newest names nothing of the kind; a limit or a reason never is. Nothing is
//! guessed: what does not stand there stays absent. Every search is one pass over the text (`words`), without tables.

mod words;
mod address;
mod name;
mod resource;
mod limit;
mod granted;
mod reason;

use std::net::IpAddr;

pub use limit::{Limit, Period};
pub use name::HostName;
pub use resource::{ResourceId, ResourceKind};

/// Addresses kept of one mail: an account has five Elastic IPs in a Region until it asks for more.
pub const MAX_ADDRESSES: usize = 16;
/// Reverse-DNS names kept of one mail, of at most 253 bytes each.
pub const MAX_NAMES: usize = 10;
/// Instances, NAT gateways and allocations kept of one mail.
pub const MAX_RESOURCES: usize = 16;
/// Granted limits kept of one mail; SES states two.
pub const MAX_LIMITS: usize = 8;
/// Bytes kept of a denial's reason.
pub const MAX_REASON: usize = 500;

/// What a mail names, each thing once, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Public addresses (Elastic IPs).
    pub addresses: Vec<IpAddr>,
    /// Host names that stand as reverse DNS.
    pub names: Vec<HostName>,
    /// Instances, NAT gateways and address allocations.
    pub resources: Vec<ResourceId>,
    /// The limits that an approval states.
    pub limits: Vec<Limit>,
    /// The sentences of a denial that say why, one line of at most [`MAX_REASON`] bytes.
    pub reason: Option<String>,
}

impl Facts {
    /// Whether the mail names none of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The ids of the resources of one kind.
    pub fn of_kind(&self, kind: ResourceKind) -> impl Iterator<Item = &ResourceId> {
        self.resources.iter().filter(move |r| r.kind() == kind)
    }
}

/// The texts of a mail, by how far they speak for it.
pub(super) struct Texts<'x> {
    /// The subject, where AWS wrote it; else empty.
    pub(super) subject: &'x str,
    /// What the meaning was judged by.
    pub(super) newest: &'x str,
    /// What stands below it.
    pub(super) quoted: &'x str,
}

/// What the mail does, as far as the facts depend on it.
pub(super) enum Says<'x> {
    /// It grants.
    Approves,
    /// It denies, with sentences that begin at these places of the newest text.
    Denies(&'x [usize]),
    /// Neither.
    Else,
}

/// Finds the facts.
pub(super) fn find(texts: &Texts<'_>, says: &Says<'_>) -> Facts {
    Facts {
        addresses: first_of(texts, address::find, MAX_ADDRESSES),
        names: first_of(texts, name::find, MAX_NAMES),
        resources: first_of(texts, resource::find, MAX_RESOURCES),
        limits: if matches!(says, Says::Approves) { granted::find(texts.newest, MAX_LIMITS) } else { Vec::new() },
        reason: if let Says::Denies(places) = says { reason::find(texts.newest, places, MAX_REASON) } else { None },
    }
}

/// What the subject and the newest text name, each once; when that is nothing, what the quoted text names.
fn first_of<T: PartialEq>(texts: &Texts<'_>, find: impl Fn(&str, usize) -> Vec<T>, most: usize) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for thing in [texts.subject, texts.newest].into_iter().flat_map(|text| find(text, most)) {
        add(&mut found, thing, most);
    }
    if found.is_empty() { find(texts.quoted, most) } else { found }
}

/// Adds what is not there yet, up to a number that is small: looking through it costs nothing.
fn add<T: PartialEq>(found: &mut Vec<T>, thing: T, most: usize) {
    if found.len() < most && !found.contains(&thing) {
        found.push(thing);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(subject: &str, newest: &str, quoted: &str) -> Facts {
        find(&Texts { subject, newest, quoted }, &Says::Else)
    }

    #[test]
    fn quoted_text_counts_only_where_the_newest_names_nothing_of_the_kind() {
        let quoted = "reverse DNS old.corp.example for 203.0.113.9 of i-0123456789abcdef0";
        let facts = of("", "It is about 203.0.113.5.", quoted);
        assert_eq!(facts.addresses, ["203.0.113.5".parse::<IpAddr>().unwrap()]);
        assert_eq!((facts.names.len(), facts.resources.len()), (1, 1));
        let facts = of("Elastic IP 203.0.113.5", "It is about 203.0.113.5 and 203.0.113.6.", quoted);
        assert_eq!(facts.addresses.len(), 2, "once each: {:?}", facts.addresses);
    }

    #[test]
    fn limits_belong_to_approvals_and_reasons_to_denials() {
        let text = "We are unable to grant your request because your account is new. Your sending quota is 50,000 messages per day.";
        let texts = Texts { subject: "", newest: text, quoted: text };
        assert!(find(&texts, &Says::Else).is_empty());
        assert_eq!(find(&texts, &Says::Approves).limits.len(), 1);
        assert!(find(&texts, &Says::Denies(&[0])).reason.is_some());
    }

    #[test]
    fn what_is_kept_is_limited() {
        let many: String = (0..200)
            .map(|n| format!("203.0.113.{n} -> mail{n}.corp.example\ni-{n:08x}\n\nlimit set to {} messages per day.\n", n + 1))
            .collect();
        let facts = find(&Texts { subject: "", newest: &many, quoted: "" }, &Says::Approves);
        assert_eq!(
            (facts.addresses.len(), facts.names.len(), facts.resources.len(), facts.limits.len()),
            (MAX_ADDRESSES, MAX_NAMES, MAX_RESOURCES, MAX_LIMITS)
        );
    }

    /// Hostile text takes no longer than friendly text of its size.
    #[test]
    fn hostile_text_ends() {
        for seed in [
            "1.",
            "1:",
            "a.",
            ":",
            "i-",
            "i-0",
            "ptr ",
            "ptr a.b ",
            "203.0.113.5 ",
            "203.0.113.5 -> a.example ",
            "received: x\n",
            "1,000 ",
            "limit to 1 ",
            "because ",
            "because it is not clear. ",
            "\n",
            "- \n",
            ". ",
            "reverse dns:\n- a.example\n",
            "x",
            "é",
            "日本",
            " ",
            "version 1.2.3.4 ",
        ] {
            let text = seed.repeat((1 << 17) / seed.len());
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || {
                let texts = Texts { subject: "", newest: &text, quoted: &text };
                done.send(find(&texts, &Says::Approves).limits.len() + find(&texts, &Says::Denies(&[0])).names.len())
            });
            assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{seed}");
        }
    }

    /// Pieces of text that steer the searches into their branches.
    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(vec![
                "203.0.113.5",
                "203.0.113.5",
                "2001:db8::1",
                "10.0.0.1",
                "version 1.2.3.4",
                "->",
                "reverse DNS",
                "PTR",
                ":",
                ".",
                ",",
                "\n",
                "\n\n",
                "\n- ",
                " ",
                " ",
                " ",
                "mail.corp.example",
                "i-0123456789abcdef0",
                "nat-01234567",
                "eipalloc-0123456789abcdef0",
                "Received: from x",
                "quota is",
                "increased to",
                "70,000",
                "messages",
                "per day",
                "per 24-hour period",
                "256 vCPUs",
                "because",
                "use case",
                "not clear",
                "unable to grant your request",
                "the account is new",
                "requested",
                "é",
                "日本",
            ])
            .prop_map(str::to_owned),
            "[ -~\u{80}-\u{3100}]{0,12}",
        ]
    }

    fn all(text: &str) -> Facts {
        let texts = Texts { subject: text, newest: text, quoted: text };
        let denied = find(&texts, &Says::Denies(&[0]));
        Facts { reason: denied.reason, ..find(&texts, &Says::Approves) }
    }

    fn twice<T: PartialEq>(list: &[T]) -> bool {
        list.iter().enumerate().any(|(n, thing)| list[..n].contains(thing))
    }

    proptest! {
        #[test]
        fn any_text_is_searched_and_nothing_is_found_twice(pieces in prop::collection::vec(piece(), 0..40), place in 0usize..400) {
            let text = pieces.concat();
            let facts = all(&text);
            prop_assert!(!twice(&facts.addresses) && !twice(&facts.names) && !twice(&facts.resources) && !twice(&facts.limits));
            prop_assert!(facts.reason.is_none_or(|r| !r.is_empty() && r.len() <= MAX_REASON && !r.contains('\n')));
            // A place that is none (another text's, or inside a character) is no reason to fall.
            let texts = Texts { subject: "", newest: &text, quoted: "" };
            let _ = find(&texts, &Says::Denies(&[place, usize::MAX]));
        }

        #[test]
        fn any_text_has_the_same_facts_with_lf_and_crlf(pieces in prop::collection::vec(piece(), 0..40)) {
            let text = pieces.concat();
            prop_assert_eq!(all(&text), all(&text.replace('\n', "\r\n")));
        }

        #[test]
        fn any_string_is_searched(text in any::<String>()) {
            let _ = all(&text);
        }
    }
}
