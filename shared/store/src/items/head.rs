//! Heads: the cache of a request's fold, with the attributes of the list indexes.

use domain::classify::Family;
use domain::ids::{AccountId, AwsId, Key, Region};
use domain::request::{Entry, Outcome, Request, ShownId, Turn, Why, known};
use domain::trust::Trust;
use jiff::Timestamp;

use super::{Item, Reader, Writer};
use crate::StoreError;
use crate::keys::time;

/// All addresses of a head, in bytes: a head stays under 4 KB.
const ADDRESSES_MAX: usize = 1_200;

/// A request as lists show it: the cache of its fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The id people see.
    pub id: ShownId,
    /// Our key of it.
    pub key: Key,
    /// Whose turn it is.
    pub turn: Turn,
    /// What kind of AWS mail it is about.
    pub family: Family,
    /// Its account.
    pub account: Option<AccountId>,
    /// Its Regions.
    pub regions: Vec<Region>,
    /// The subject of AWS's first mail, or what the request was called when it was registered.
    pub subject: String,
    /// The last mail of AWS, or of ours to AWS.
    pub last_update: Timestamp,
    /// How far AWS's last mail is believed.
    pub last_trust: Option<Trust>,
    /// Old when it came.
    pub dormant: bool,
    /// A thread of it carries a second AWS id.
    pub tangled: bool,
    /// For none of the expected accounts.
    pub unexpected: bool,
    /// Addresses by which it is looked for: mailboxes, Elastic IPs, host names; in lower case, some of them.
    pub addresses: Vec<String>,
}

impl Head {
    /// The head of a request, with what its entries name.
    pub fn of(request: &Request, entries: &[Entry]) -> Self {
        let mut addresses: Vec<String> = Vec::new();
        let facts = known(request, entries);
        let ours = |entry: &&Entry| request.step(&entry.id).is_some();
        let mails = entries.iter().filter(ours).filter_map(Entry::mail);
        let mailboxes = mails.flat_map(|mail| mail.mailbox.iter().chain([&mail.from]).chain(&mail.reply_to).cloned());
        let named = facts.addresses.iter().map(ToString::to_string).chain(facts.names.iter().map(ToString::to_string));
        let mut room = ADDRESSES_MAX;
        for address in named.chain(mailboxes).map(|a| a.to_ascii_lowercase()) {
            if !addresses.contains(&address) && address.len() <= room {
                room -= address.len();
                addresses.push(address);
            }
        }
        Self { addresses, ..Self::from(request) }
    }
}

impl From<&Request> for Head {
    fn from(r: &Request) -> Self {
        Self {
            id: r.id.clone(),
            key: r.key.clone(),
            turn: r.turn,
            family: r.family,
            account: r.account.clone(),
            regions: r.regions.clone(),
            subject: r.subject.clone(),
            last_update: r.last_update,
            last_trust: r.last_trust,
            dormant: r.dormant,
            tangled: r.tangled,
            unexpected: r.unexpected,
            addresses: Vec::new(),
        }
    }
}

pub(crate) fn head_attributes(writer: Writer, head: &Head) -> Writer {
    let (word, outcome) = match head.turn {
        Turn::Aws { .. } => ("aws", None),
        Turn::Ours { why, .. } => ("ours", Some(why.as_str())),
        Turn::Settled { outcome, .. } => ("settled", Some(outcome.as_str())),
    };
    let since = head.turn.since();
    let list_at = format!("{}#{}", time(since), head.id);
    let account_at = format!("{word}#{list_at}");
    let writer = match &head.id {
        ShownId::Aws(id) => writer.text("aws_id", id.as_str()),
        ShownId::Key(_) => writer,
    };
    let writer = match &head.account {
        Some(account) => writer.text("account", account.as_str()).text("account_list", account.as_str()).text("account_at", account_at),
        None => writer,
    };
    writer
        .text("key", head.key.as_str())
        .text("turn", word)
        .time("since", since)
        .maybe("why", outcome)
        .text("list", word)
        .text("list_at", list_at)
        .text("family", head.family.as_str())
        .texts("regions", head.regions.iter().map(Region::as_str))
        .text("subject", &head.subject)
        .time("last_update", head.last_update)
        .maybe("last_trust", head.last_trust.map(Trust::as_str))
        .flag("dormant", head.dormant)
        .flag("tangled", head.tangled)
        .flag("unexpected", head.unexpected)
        .texts("addresses", head.addresses.iter().map(String::as_str))
}

pub(crate) fn read_head(item: &Item) -> Result<Head, StoreError> {
    let r = Reader::checked(item)?;
    let key = r.parsed("key", Key::parse)?;
    let since = r.time("since")?;
    let turn = match r.text("turn")? {
        "aws" => Turn::Aws { since },
        "ours" => Turn::Ours { since, why: r.parsed("why", Why::parse)? },
        "settled" => Turn::Settled { since, outcome: r.parsed("why", Outcome::parse)? },
        _ => return Err(r.wrong("turn")),
    };
    Ok(Head {
        id: r.opt("aws_id").and_then(AwsId::parse).map_or_else(|| ShownId::Key(key.clone()), ShownId::Aws),
        key,
        turn,
        family: r.parsed("family", Family::parse)?,
        account: r.opt("account").and_then(AccountId::parse),
        regions: r.all("regions", Region::parse)?,
        subject: r.text("subject")?.to_owned(),
        last_update: r.time("last_update")?,
        last_trust: r.opt("last_trust").and_then(Trust::parse),
        dormant: r.flag("dormant"),
        tangled: r.flag("tangled"),
        unexpected: r.flag("unexpected"),
        addresses: r.texts("addresses").into_iter().map(str::to_owned).collect(),
    })
}
