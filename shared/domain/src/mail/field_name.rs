//! The names of the header fields that something reads; of others it is only known that they are there.

/// The name of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Received,
    From,
    To,
    Subject,
    Date,
    MessageId,
    Cc,
    ReplyTo,
    References,
    InReplyTo,
    ContentType,
    ContentTransferEncoding,
    ContentDisposition,
    MimeVersion,
    ReturnPath,
    AuthenticationResults,
    SpamVerdict,
    VirusVerdict,
    DeliveredTo,
    OriginalTo,
    OriginalSender,
    AutoSubmitted,
    Precedence,
    ListId,
}

impl Name {
    /// All names; a bit for each fits into 32.
    const ALL: [Self; 24] = [
        Self::Received,
        Self::From,
        Self::To,
        Self::Subject,
        Self::Date,
        Self::MessageId,
        Self::Cc,
        Self::ReplyTo,
        Self::References,
        Self::InReplyTo,
        Self::ContentType,
        Self::ContentTransferEncoding,
        Self::ContentDisposition,
        Self::MimeVersion,
        Self::ReturnPath,
        Self::AuthenticationResults,
        Self::SpamVerdict,
        Self::VirusVerdict,
        Self::DeliveredTo,
        Self::OriginalTo,
        Self::OriginalSender,
        Self::AutoSubmitted,
        Self::Precedence,
        Self::ListId,
    ];

    /// The name in lower case.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::From => "from",
            Self::To => "to",
            Self::Subject => "subject",
            Self::Date => "date",
            Self::MessageId => "message-id",
            Self::Cc => "cc",
            Self::ReplyTo => "reply-to",
            Self::References => "references",
            Self::InReplyTo => "in-reply-to",
            Self::ContentType => "content-type",
            Self::ContentTransferEncoding => "content-transfer-encoding",
            Self::ContentDisposition => "content-disposition",
            Self::MimeVersion => "mime-version",
            Self::ReturnPath => "return-path",
            Self::AuthenticationResults => "authentication-results",
            Self::SpamVerdict => "x-ses-spam-verdict",
            Self::VirusVerdict => "x-ses-virus-verdict",
            Self::DeliveredTo => "delivered-to",
            Self::OriginalTo => "x-original-to",
            Self::OriginalSender => "x-original-sender",
            Self::AutoSubmitted => "auto-submitted",
            Self::Precedence => "precedence",
            Self::ListId => "list-id",
        }
    }

    /// Reads a name, in any case of its letters.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let mut open = BY_LENGTH.get(name.len()).copied().filter(|open| *open != 0)?;
        let mut room = [0; BY_LENGTH.len()];
        let lower = room.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        while open != 0 {
            let known = *Self::ALL.get(open.trailing_zeros() as usize)?;
            if known.as_str().as_bytes() == lower {
                return Some(known);
            }
            open &= open - 1;
        }
        None
    }
}

/// By length, a bit for each of [`Name::ALL`] that is so long: three at most have to be compared.
const BY_LENGTH: [u32; 32] = {
    let (mut lengths, mut n) = ([0; 32], 0);
    while n < Name::ALL.len() {
        lengths[Name::ALL[n].as_str().len()] |= 1 << n;
        n += 1;
    }
    lengths
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_in_any_case_and_no_other() {
        for name in Name::ALL {
            assert_eq!(Name::of(name.as_str().as_bytes()), Some(name));
            assert_eq!(Name::of(name.as_str().to_ascii_uppercase().as_bytes()), Some(name));
            assert_eq!(Name::of(format!("{}s", name.as_str()).as_bytes()), None);
        }
        for other in ["", "x", "fron", "received-spf", &"x".repeat(80)] {
            assert_eq!(Name::of(other.as_bytes()), None, "{other}");
        }
    }
}
