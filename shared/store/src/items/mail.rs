//! Mails that were processed, whatever their ending.

use domain::filing::{Ending, FORGOTTEN};
use domain::ids::MessageId;
use domain::trust::Trust;
use jiff::Timestamp;

use super::{Item, Reader, Writer};
use crate::StoreError;
use crate::keys::{ItemKey, time};

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

impl StoredMail {
    /// Whether the request that it was filed in was forgotten: what it said is gone from the table.
    pub fn is_forgotten(&self) -> bool {
        self.ending == Ending::Ignored(String::new()).as_str() && self.why == FORGOTTEN
    }

    /// What stays of it when its request is forgotten: that it ended, so that no copy brings it back.
    pub(crate) fn forgotten(&self) -> Self {
        let ending = Ending::Ignored(FORGOTTEN.to_owned());
        Self { ending: ending.as_str().to_owned(), why: ending.why().to_owned(), names_open: false, ..self.without_words() }
    }

    /// The same without who wrote it and about what.
    pub fn without_words(&self) -> Self {
        Self { from: String::new(), subject: String::new(), ..self.clone() }
    }
}

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
    if mail.is_forgotten() {
        return writer.done();
    }
    if mail.ending == Ending::Quarantined(String::new()).as_str() || mail.ending == Ending::Ignored(String::new()).as_str() {
        let at = format!("{}#{}", time(mail.stored), domain::ids::hash_hex(&[mail.message_id.as_str().as_bytes()], 8));
        return writer.text("list", &mail.ending).text("list_at", at).done();
    }
    writer.done()
}

pub(crate) fn read_stored_mail(item: &Item) -> Result<StoredMail, StoreError> {
    let r = Reader::checked(item)?;
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
