//! Cuts one mail out of the bytes after `DATA`: undoes dot-stuffing, finds the end, keeps to the size limit.

/// Where in the content the last byte left us. Only CR LF starts a line; a bare LF or CR is an ordinary byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Right after CR LF, or at the very beginning.
    LineStart,
    /// After a dot at the start of a line: it is stuffing, or the end begins.
    Dot,
    /// After dot, CR at the start of a line: LF makes it the end.
    DotCr,
    /// After a CR inside a line.
    Cr,
    /// Anywhere else.
    Inside,
}

/// Collects the content of one mail.
pub(super) struct Content {
    bytes: Vec<u8>,
    place: Place,
    max: usize,
    /// Everything that came, also what was too much to keep.
    seen: usize,
}

impl Content {
    pub(super) fn new(max: usize) -> Self {
        Self { bytes: Vec::new(), place: Place::LineStart, max, seen: 0 }
    }

    /// Takes the next piece. `Some(n)` when the mail ended after the first `n` bytes of it.
    pub(super) fn take(&mut self, piece: &[u8]) -> Option<usize> {
        let mut rest = piece;
        while let Some((&byte, tail)) = rest.split_first() {
            match (self.place, byte) {
                (Place::LineStart, b'.') => self.place = Place::Dot,
                (Place::Dot, b'\r') => self.place = Place::DotCr,
                (Place::DotCr, b'\n') => return Some(piece.len() - tail.len()),
                (Place::DotCr, _) => {
                    // The dot was stuffing and the CR belongs to the mail; this byte is looked at again.
                    self.keep(b"\r");
                    self.place = Place::Cr;
                    continue;
                }
                (Place::Cr, b'\n') => {
                    self.keep(b"\n");
                    self.place = Place::LineStart;
                }
                (_, b'\r') => {
                    self.keep(b"\r");
                    self.place = Place::Cr;
                }
                _ => {
                    let run = rest.iter().position(|&b| b == b'\r').unwrap_or(rest.len());
                    let (run, tail) = rest.split_at(run);
                    self.keep(run);
                    self.place = Place::Inside;
                    rest = tail;
                    continue;
                }
            }
            rest = tail;
        }
        None
    }

    /// True when more came than may be kept. The rest is only counted.
    pub(super) fn too_large(&self) -> bool {
        self.seen > self.max
    }

    /// True when so much came that reading on to the end is no courtesy any more.
    pub(super) fn hopeless(&self) -> bool {
        self.seen > self.max.saturating_mul(2)
    }

    /// The mail, or `None` when it was too large.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        (!self.too_large()).then_some(self.bytes)
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.seen += bytes.len();
        if self.too_large() {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `sent` in pieces of every size: the mail and the bytes left behind its end.
    fn read(sent: &str) -> Option<(String, String)> {
        let mut results = (1..=sent.len()).map(|size| {
            let mut content = Content::new(1000);
            let mut at = 0;
            for piece in sent.as_bytes().chunks(size) {
                if let Some(n) = content.take(piece) {
                    let left = String::from_utf8(sent.as_bytes()[at + n..].to_vec()).unwrap();
                    return Some((String::from_utf8(content.finish().unwrap()).unwrap(), left));
                }
                at += piece.len();
            }
            None
        });
        let first = results.next().unwrap();
        assert!(results.all(|result| result == first), "pieces must not matter: {sent:?}");
        first
    }

    #[test]
    fn the_end_and_dot_stuffing() {
        for (sent, mail) in [
            ("a\r\n.\r\n", "a\r\n"),
            (".\r\n", ""),
            ("\r\n.\r\n", "\r\n"),
            ("..\r\n.\r\n", ".\r\n"),
            ("...a\r\n.b\r\n.\r\n", "..a\r\nb\r\n"),
            ("a.\r\n.\r\n", "a.\r\n"),
            ("nul \0 and \u{e9}\r\n.\r\n", "nul \0 and \u{e9}\r\n"),
        ] {
            assert_eq!(read(sent), Some((mail.to_owned(), String::new())), "{sent:?}");
        }
    }

    #[test]
    fn nothing_but_crlf_dot_crlf_ends_a_mail() {
        for fake in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n.\r\r\n", "\r\n.\0\r\n", "\r\n. \r\n", "\n.\r"] {
            let sent = format!("a{fake}MAIL FROM:<x@y>\r\n.\r\nQUIT\r\n");
            let (mail, left) = read(&sent).unwrap();
            assert!(mail.contains("MAIL FROM"), "{fake:?} ended the mail");
            assert_eq!(left, "QUIT\r\n", "{fake:?}");
        }
    }

    #[test]
    fn bare_line_ends_are_kept_as_they_are() {
        assert_eq!(read("a\n.b\n\n.\nc\rd\r\n.\r\n").unwrap().0, "a\n.b\n\n.\nc\rd\r\n");
    }

    #[test]
    fn the_size_limit_counts_what_is_kept() {
        for (size, fits) in [(9, true), (10, true), (11, false)] {
            let mut content = Content::new(10);
            assert_eq!(content.take("x".repeat(size - 2).as_bytes()), None);
            assert_eq!(content.take(b"\r\n.\r\n"), Some(5));
            assert_eq!(content.finish().is_some(), fits, "{size}");
        }
    }
}
