//! Entries: mails and people's actions, as they were judged once.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::classify::{Evidence, Facts, Family, HostName, Limit, Meaning, OwnId, Place, ResourceId};
use domain::ids::{AccountId, AwsId, EntryId, MessageId, Region};
use domain::request::{Act, Action, Belongs, Entry, Fact, MailFact, Outcome, Reference, Submitted};
use domain::trust::Trust;

use super::{Item, Reader, Writer};
use crate::keys::ItemKey;
use crate::{Address, StoreError};

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
        .texts("addresses", texts(&mail.facts.addresses).iter().map(String::as_str))
        .texts("names", mail.facts.names.iter().map(HostName::as_str))
        .texts("resources", mail.facts.resources.iter().map(ResourceId::as_str))
        .texts("limits", texts(&mail.facts.limits).iter().map(String::as_str))
        .maybe("reason", mail.facts.reason.as_deref())
        .flag("expected", mail.expected)
        .text("from", &mail.from)
        .maybe("reply_to", mail.reply_to.as_deref())
        .maybe("mailbox", mail.mailbox.as_deref())
        .maybe("alias", mail.alias.as_ref().map(AccountId::as_str))
        .texts("recipients", mail.recipients.iter().map(String::as_str))
        .flag("to_aws", mail.to_aws)
        .text("subject", &mail.subject)
        .text("excerpt", &mail.excerpt)
        .list("evidence", evidence.collect())
        .text("object", &mail.object)
        .number("rules", mail.rules)
}

fn texts<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(ToString::to_string).collect()
}

fn write_action(writer: Writer, action: &Action) -> Writer {
    let writer = writer.text("fact", "action").text("by", &action.by).maybe("why", action.why.as_deref());
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
        Act::Register(submitted) => writer
            .text("act", "register")
            .text("family", submitted.family.as_str())
            .maybe("account", submitted.account.as_ref().map(AccountId::as_str))
            .texts("regions", submitted.regions.iter().map(Region::as_str))
            .text("subject", &submitted.subject),
        Act::Identify(id) => writer.text("act", "identify").text("own_id", id.as_str()),
        Act::Judge { target, meaning, request } => {
            let writer = writer.text("act", "judge").text("target", target.as_str()).text("meaning", meaning.as_str());
            match request {
                None => writer,
                Some(Belongs::Aws(id)) => writer.text("own_id", id.as_str()),
                Some(Belongs::With(id)) => writer.text("with", id.as_str()),
                Some(Belongs::Apart) => writer.flag("apart", true),
            }
        }
    }
}

pub(crate) fn read_entry(item: &Item) -> Result<Entry, StoreError> {
    let r = Reader::checked(item)?;
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
        facts: read_facts(r)?,
        expected: r.flag("expected"),
        from: r.text("from")?.to_owned(),
        reply_to: r.opt("reply_to").map(str::to_owned),
        mailbox: r.opt("mailbox").map(str::to_owned),
        alias: r.opt("alias").and_then(AccountId::parse),
        recipients: r.texts("recipients").into_iter().map(str::to_owned).collect(),
        to_aws: r.flag("to_aws"),
        subject: r.text("subject")?.to_owned(),
        excerpt: r.text("excerpt")?.to_owned(),
        evidence: evidence.collect::<Result<_, StoreError>>()?,
        object: r.text("object")?.to_owned(),
        rules: r.number("rules")?,
    })
}

/// The facts of a mail. An entry that was written before they were kept has none.
fn read_facts(r: &Reader<'_>) -> Result<Facts, StoreError> {
    Ok(Facts {
        addresses: r.all("addresses", |text| text.parse().ok())?,
        names: r.all("names", HostName::parse)?,
        resources: r.all("resources", ResourceId::parse)?,
        limits: r.all("limits", Limit::parse)?,
        reason: r.opt("reason").map(str::to_owned),
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
        "register" => Act::Register(Box::new(Submitted {
            family: r.parsed("family", Family::parse)?,
            account: r.opt("account").and_then(AccountId::parse),
            regions: r.all("regions", Region::parse)?,
            subject: r.text("subject")?.to_owned(),
        })),
        "identify" => Act::Identify(r.parsed("own_id", AwsId::parse)?),
        "judge" => Act::Judge {
            target: r.parsed("target", EntryId::parse)?,
            meaning: r.parsed("meaning", Meaning::parse)?,
            request: match (r.opt("own_id"), r.opt("with")) {
                (Some(_), _) => Some(Belongs::Aws(r.parsed("own_id", AwsId::parse)?)),
                (None, Some(_)) => Some(Belongs::With(r.parsed("with", MessageId::parse)?)),
                (None, None) => r.flag("apart").then_some(Belongs::Apart),
            },
        },
        _ => return Err(r.wrong("act")),
    };
    Ok(Action { by: r.text("by")?.to_owned(), about, act, why: r.opt("why").map(str::to_owned) })
}
