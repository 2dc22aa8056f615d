//! The mails that are attached to a mail, byte for byte: their signatures can be checked.

use mail_parser::{Encoding, MessageParser, PartType};

/// Attached mails that are looked at: a person passes on one or a few.
const ORIGINALS_MAX: usize = 5;

/// The attached mails (`message/rfc822`) of a mail, as their senders signed them, where the attachment kept that.
pub(crate) fn originals(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let attached = message.parts.iter().filter_map(|part| {
        let PartType::Message(inner) = &part.body else { return None };
        // RFC 2046, 5.2.1: a message is attached as it is; some programs encode it all the same.
        let raw = match part.encoding {
            Encoding::None => bytes.get(part.offset_body as usize..part.offset_end as usize)?,
            Encoding::Base64 | Encoding::QuotedPrintable => inner.raw_message.as_ref(),
        };
        (!raw.is_empty()).then(|| raw.to_vec())
    });
    attached.take(ORIGINALS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attached_mail_comes_out_as_it_was_signed() {
        let inner = "From: a@b.example\r\nSubject: x\r\n\r\n  Text = here.\r\n";
        let outer = |encoding: &str, content: &str| {
            format!(
                "From: ops@corp.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee below\r\n\
                 --b\r\nContent-Type: message/rfc822\r\n{encoding}\r\n{content}\r\n--b--\r\n"
            )
        };
        let plain = originals(outer("", inner).as_bytes());
        assert_eq!(plain.iter().map(|raw| String::from_utf8_lossy(raw).trim_end().to_owned()).collect::<Vec<_>>(), [inner.trim_end()]);
        let encoded = data_encoding::BASE64.encode(inner.as_bytes());
        let decoded = originals(outer("Content-Transfer-Encoding: base64\r\n", &encoded).as_bytes());
        assert_eq!(decoded, [inner.as_bytes()]);
        assert!(originals(inner.as_bytes()).is_empty() && originals(b"").is_empty());
    }
}
