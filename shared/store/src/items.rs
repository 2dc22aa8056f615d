//! Items: every attribute's name, once, and the conversions between items and the domain's values.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::alert::{Alert, AlertId, Cause, State, Step};
use domain::classify::{Evidence, Family, Meaning, OwnId, Place};
use domain::filing::Ending;
use domain::ids::{AccountId, AwsId, EntryId, Key, MessageId, Region};
use domain::request::{Act, Action, Entry, Fact, MailFact, Outcome, Reference, Request, ShownId, Turn, Why};
use domain::trust::Trust;
use jiff::Timestamp;

use crate::keys::{ItemKey, time};
use crate::table::{PK, SK};
use crate::{Address, StoreError};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The version of the items' form, written with each.
pub(crate) const SCHEMA: u32 = 1;

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
    /// The subject of AWS's first mail.
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
}

/// A mail that ended without a request, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// Its Message-ID.
    pub message_id: MessageId,
    /// How far it is believed.
    pub trust: Trust,
    /// The word of its ending.
    pub ending: String,
    /// The rule or reason.
    pub why: String,
    /// The key of the object in the bucket.
    pub object: String,
    /// The sender's address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// When it was stored.
    pub stored: Timestamp,
    /// Whether it names a request that is not settled.
    pub names_open: bool,
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
        }
    }
}

/// Builds an item attribute by attribute; `None` and empty lists are left out.
pub(crate) struct Writer(Item);

impl Writer {
    pub(crate) fn new(key: &ItemKey) -> Self {
        Self(HashMap::new()).text(PK, &key.pk).text(SK, &key.sk).number("schema", SCHEMA)
    }

    pub(crate) fn bare() -> Self {
        Self(HashMap::new())
    }

    pub(crate) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn time(self, name: &str, at: Timestamp) -> Self {
        self.text(name, time(at))
    }

    pub(crate) fn number(mut self, name: &str, value: impl ToString) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }

    pub(crate) fn flag(mut self, name: &str, value: bool) -> Self {
        if value {
            self.0.insert(name.to_owned(), AttributeValue::Bool(true));
        }
        self
    }

    pub(crate) fn texts<'a>(self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.list(name, values.into_iter().map(|v| AttributeValue::S(v.to_owned())).collect())
    }

    fn list(mut self, name: &str, values: Vec<AttributeValue>) -> Self {
        if !values.is_empty() {
            self.0.insert(name.to_owned(), AttributeValue::L(values));
        }
        self
    }

    pub(crate) fn done(self) -> Item {
        self.0
    }
}

/// Reads an item attribute by attribute; what is missing or malformed is an error that names the item.
pub(crate) struct Reader<'a>(&'a Item);

impl<'a> Reader<'a> {
    pub(crate) const fn new(item: &'a Item) -> Self {
        Self(item)
    }

    pub(crate) fn wrong(&self, what: &'static str) -> StoreError {
        StoreError::Item { pk: self.opt(PK).unwrap_or("?").to_owned(), sk: self.opt(SK).unwrap_or("?").to_owned(), what }
    }

    pub(crate) fn opt(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(|v| v.as_s().ok()).map(String::as_str)
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&'a str, StoreError> {
        self.opt(name).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn parsed<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        self.opt(name).and_then(parse).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn time(&self, name: &'static str) -> Result<Timestamp, StoreError> {
        self.parsed(name, |t| Timestamp::from_str(t).ok())
    }

    pub(crate) fn number<T: FromStr>(&self, name: &'static str) -> Result<T, StoreError> {
        self.0.get(name).and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok()).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(|v| v.as_bool().ok()).copied().unwrap_or(false)
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<&'a str> {
        let list = self.0.get(name).and_then(|v| v.as_l().ok());
        list.into_iter().flatten().filter_map(|v| v.as_s().ok()).map(String::as_str).collect()
    }

    fn all<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
        self.texts(name).into_iter().map(parse).collect::<Option<_>>().ok_or_else(|| self.wrong(name))
    }
}

// --- heads

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
}

pub(crate) fn read_head(item: &Item) -> Result<Head, StoreError> {
    let r = Reader::new(item);
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
    })
}

// --- entries

pub(crate) fn write_entry(address: &Address, entry: &Entry) -> Item {
    let writer =
        Writer::new(&ItemKey::entry(address, entry)).text("id", entry.id.as_str()).time("at", entry.at).time("stored", entry.stored);
    match &entry.fact {
        Fact::Mail(mail) => write_mail(writer, mail),
        Fact::Action(action) => write_action(writer, action),
    }
    .done()
}

fn write_mail(writer: Writer, mail: &MailFact) -> Writer {
    let evidence = mail.evidence.iter().map(|e| {
        let fields = Writer::bare().text("rule", &e.rule).text("matched", &e.matched).text("place", e.place.as_str());
        AttributeValue::M(fields.done())
    });
    writer
        .text("fact", "mail")
        .text("message_id", mail.message_id.as_str())
        .texts("thread", mail.thread.iter().map(MessageId::as_str))
        .text("trust", mail.trust.as_str())
        .text("meaning", mail.meaning.as_str())
        .flag("also_denied", mail.also_denied)
        .text("family", mail.family.as_str())
        .maybe("own_id", mail.own_id.as_ref().map(|o| o.id.as_str()))
        .maybe("own_id_place", mail.own_id.as_ref().map(|o| o.place.as_str()))
        .texts("mentions", mail.mentions.iter().map(AwsId::as_str))
        .maybe("account", mail.account.as_ref().map(AccountId::as_str))
        .texts("regions", mail.regions.iter().map(Region::as_str))
        .flag("expected", mail.expected)
        .text("from", &mail.from)
        .maybe("reply_to", mail.reply_to.as_deref())
        .maybe("mailbox", mail.mailbox.as_deref())
        .texts("recipients", mail.recipients.iter().map(String::as_str))
        .flag("to_aws", mail.to_aws)
        .text("subject", &mail.subject)
        .text("excerpt", &mail.excerpt)
        .list("evidence", evidence.collect())
        .text("object", &mail.object)
        .number("rules", mail.rules)
}

fn write_action(writer: Writer, action: &Action) -> Writer {
    let writer = writer.text("fact", "action").text("by", &action.by);
    let writer = match &action.about {
        Reference::Aws(id) => writer.text("about_id", id.as_str()),
        Reference::Message(id) => writer.text("about_message", id.as_str()),
    };
    match &action.act {
        Act::Replied => writer.text("act", "replied"),
        Act::Settle(outcome) => writer.text("act", "settle").text("outcome", outcome.as_str()),
        Act::Reopen => writer.text("act", "reopen"),
        Act::Ack { until } => writer.text("act", "ack").time("until", *until),
        Act::Snooze { until } => writer.text("act", "snooze").time("until", *until),
        Act::Note(text) => writer.text("act", "note").text("text", text),
        Act::Judge { target, meaning, own_id } => writer
            .text("act", "judge")
            .text("target", target.as_str())
            .text("meaning", meaning.as_str())
            .maybe("own_id", own_id.as_ref().map(AwsId::as_str)),
    }
}

pub(crate) fn read_entry(item: &Item) -> Result<Entry, StoreError> {
    let r = Reader::new(item);
    let fact = match r.text("fact")? {
        "mail" => Fact::Mail(Box::new(read_mail(&r)?)),
        "action" => Fact::Action(read_action(&r)?),
        _ => return Err(r.wrong("fact")),
    };
    Ok(Entry { id: r.parsed("id", EntryId::parse)?, at: r.time("at")?, stored: r.time("stored")?, fact })
}

fn read_mail(r: &Reader<'_>) -> Result<MailFact, StoreError> {
    let own_id = match r.opt("own_id") {
        Some(_) => Some(OwnId { id: r.parsed("own_id", AwsId::parse)?, place: r.parsed("own_id_place", Place::parse)? }),
        None => None,
    };
    let evidence = r.0.get("evidence").and_then(|v| v.as_l().ok()).into_iter().flatten().filter_map(|v| v.as_m().ok()).map(|m| {
        let e = Reader::new(m);
        Ok(Evidence { rule: e.text("rule")?.to_owned(), matched: e.text("matched")?.to_owned(), place: e.parsed("place", Place::parse)? })
    });
    Ok(MailFact {
        message_id: r.parsed("message_id", MessageId::parse)?,
        thread: r.all("thread", MessageId::parse)?,
        trust: r.parsed("trust", Trust::parse)?,
        meaning: r.parsed("meaning", Meaning::parse)?,
        also_denied: r.flag("also_denied"),
        family: r.parsed("family", Family::parse)?,
        own_id,
        mentions: r.all("mentions", AwsId::parse)?,
        account: r.opt("account").and_then(AccountId::parse),
        regions: r.all("regions", Region::parse)?,
        expected: r.flag("expected"),
        from: r.text("from")?.to_owned(),
        reply_to: r.opt("reply_to").map(str::to_owned),
        mailbox: r.opt("mailbox").map(str::to_owned),
        recipients: r.texts("recipients").into_iter().map(str::to_owned).collect(),
        to_aws: r.flag("to_aws"),
        subject: r.text("subject")?.to_owned(),
        excerpt: r.text("excerpt")?.to_owned(),
        evidence: evidence.collect::<Result<_, StoreError>>()?,
        object: r.text("object")?.to_owned(),
        rules: r.number("rules")?,
    })
}

fn read_action(r: &Reader<'_>) -> Result<Action, StoreError> {
    let about = match r.opt("about_id").and_then(AwsId::parse) {
        Some(id) => Reference::Aws(id),
        None => Reference::Message(r.parsed("about_message", MessageId::parse)?),
    };
    let act = match r.text("act")? {
        "replied" => Act::Replied,
        "settle" => Act::Settle(r.parsed("outcome", Outcome::parse)?),
        "reopen" => Act::Reopen,
        "ack" => Act::Ack { until: r.time("until")? },
        "snooze" => Act::Snooze { until: r.time("until")? },
        "note" => Act::Note(r.text("text")?.to_owned()),
        "judge" => Act::Judge {
            target: r.parsed("target", EntryId::parse)?,
            meaning: r.parsed("meaning", Meaning::parse)?,
            own_id: r.opt("own_id").and_then(AwsId::parse),
        },
        _ => return Err(r.wrong("act")),
    };
    Ok(Action { by: r.text("by")?.to_owned(), about, act })
}

// --- alerts

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
    let r = Reader::new(item);
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
    Ok(Alert { id, state, standing: r.flag("standing"), made: r.time("made")?, attempts: r.number("attempts")?, skipped: r.number("skipped")? })
}

// --- mails

pub(crate) fn write_stored_mail(key: &ItemKey, mail: &StoredMail) -> Item {
    let writer = Writer::new(key)
        .text("message_id", mail.message_id.as_str())
        .text("trust", mail.trust.as_str())
        .text("ending", &mail.ending)
        .text("why", &mail.why)
        .text("object", &mail.object)
        .text("from", &mail.from)
        .text("subject", &mail.subject)
        .time("stored", mail.stored)
        .flag("names_open", mail.names_open);
    // Only what a person may want to look through is listed.
    if mail.ending == Ending::Quarantined(String::new()).as_str() || mail.ending == Ending::Ignored(String::new()).as_str() {
        let at = format!("{}#{}", time(mail.stored), domain::ids::hash_hex(&[mail.message_id.as_str().as_bytes()], 8));
        return writer.text("list", &mail.ending).text("list_at", at).done();
    }
    writer.done()
}

pub(crate) fn read_stored_mail(item: &Item) -> Result<StoredMail, StoreError> {
    let r = Reader::new(item);
    Ok(StoredMail {
        message_id: r.parsed("message_id", MessageId::parse)?,
        trust: r.parsed("trust", Trust::parse)?,
        ending: r.text("ending")?.to_owned(),
        why: r.text("why")?.to_owned(),
        object: r.text("object")?.to_owned(),
        from: r.text("from")?.to_owned(),
        subject: r.text("subject")?.to_owned(),
        stored: r.time("stored")?,
        names_open: r.flag("names_open"),
    })
}
