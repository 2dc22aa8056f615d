//! Cuts an mbox file into mails.
//!
//! A line that begins with `From ` after an empty line starts the next mail; when the file's first such line carries a
//! date, as all usual exports write it, only lines with a date count, so that "From now on …" in an old export without
//! quoting stays text. One `>` is taken off lines like `>From ` and `>>From ` (mboxrd).

use std::io::{self, BufRead, Read};

use super::KEPT_MAX;

const FROM: &[u8] = b"From ";
/// Bytes of a line that are looked at together: a longer line comes in several pieces, of which only the first can
/// start a mail.
const PIECE_MAX: u64 = 64 * 1024;

/// True when an mbox starts here, and the bytes that were read to see it.
pub(super) fn starts_here(reader: &mut dyn BufRead) -> io::Result<(bool, Vec<u8>)> {
    let mut head = Vec::new();
    reader.take(FROM.len() as u64).read_to_end(&mut head)?;
    Ok((head == FROM, head))
}

/// True when the rest of the first line has a date.
pub(super) fn first_line_has_date(reader: &mut dyn BufRead) -> io::Result<bool> {
    let mut line = Vec::new();
    reader.take(PIECE_MAX).read_until(b'\n', &mut line)?;
    Ok(has_date(&line))
}

/// One mail of an mbox.
pub(super) struct Mail {
    /// Its place in the file, from 1.
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) size: u64,
    pub(super) read: u64,
}

/// The mails of an mbox, one at a time.
pub(super) struct Mbox {
    reader: Box<dyn BufRead>,
    number: u64,
    /// A line is a separator only with a date, because the first one had one.
    dated: bool,
    /// The separator before the next mail, which is read already.
    separator: Option<Vec<u8>>,
}

impl Mbox {
    /// Reads from the beginning of a file that starts with `From `.
    pub(super) fn new(reader: Box<dyn BufRead>) -> Self {
        Self { reader, number: 0, dated: false, separator: None }
    }

    /// The next line, or a piece of it when it is long; empty at the end of the file.
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        (&mut self.reader).take(PIECE_MAX).read_until(b'\n', &mut piece)?;
        Ok(piece)
    }

    fn mail(&mut self) -> io::Result<Option<Mail>> {
        let separator = match self.separator.take() {
            Some(separator) => separator,
            None if self.number > 0 => return Ok(None),
            None => {
                let first = self.piece()?;
                self.dated = has_date(&first);
                first
            }
        };
        self.number += 1;
        let mut mail = Mail { number: self.number, bytes: Vec::new(), size: 0, read: separator.len() as u64 };
        let mut line_starts = separator.ends_with(b"\n");
        // An empty line is kept back: before a separator and at the end it belongs to the mbox.
        let mut empty_line = Vec::new();
        loop {
            let piece = self.piece()?;
            if piece.is_empty() {
                mail.read += empty_line.len() as u64;
                return Ok(Some(mail));
            }
            let after_empty = !empty_line.is_empty() || mail.size == 0;
            if line_starts && after_empty && piece.starts_with(FROM) && (!self.dated || has_date(&piece)) {
                mail.read += empty_line.len() as u64;
                self.separator = Some(piece);
                return Ok(Some(mail));
            }
            mail.read += (empty_line.len() + piece.len()) as u64;
            keep(&mut mail, &empty_line);
            empty_line.clear();
            if line_starts && matches!(piece.as_slice(), b"\n" | b"\r\n") {
                mail.read -= piece.len() as u64;
                empty_line = piece;
                continue;
            }
            let quoted = line_starts && is_quoted_from(&piece);
            keep(&mut mail, piece.get(usize::from(quoted)..).unwrap_or_default());
            line_starts = piece.ends_with(b"\n");
        }
    }
}

impl Iterator for Mbox {
    type Item = io::Result<Mail>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.mail().transpose();
        if let Some(Err(_)) = next {
            // Where the reading failed, nothing after it can be found.
            self.number = self.number.max(1);
            self.separator = None;
        }
        next
    }
}

/// Adds to the mail what still fits and counts the rest.
fn keep(mail: &mut Mail, bytes: &[u8]) {
    let room = KEPT_MAX.saturating_sub(mail.bytes.len()).min(bytes.len());
    mail.bytes.extend_from_slice(bytes.get(..room).unwrap_or_default());
    mail.size += bytes.len() as u64;
}

/// `>From `, `>>From ` and so on.
fn is_quoted_from(line: &[u8]) -> bool {
    let unquoted = line.iter().position(|&byte| byte != b'>').unwrap_or(0);
    unquoted > 0 && line.get(unquoted..).is_some_and(|rest| rest.starts_with(FROM))
}

/// A time of day and a year somewhere in the line: `Mon Nov  4 10:00:00 +0000 2024`.
fn has_date(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let digits = |part: &str| !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = |word: &str| (2..=3).contains(&word.split(':').count()) && word.split(':').all(digits);
    let is_year =
        |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit());
    line.split_whitespace().any(is_time) && line.split_whitespace().any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(mbox: &str) -> Vec<String> {
        let mails: Vec<Mail> = Mbox::new(Box::new(io::Cursor::new(mbox.to_owned()))).map(Result::unwrap).collect();
        assert_eq!(mails.iter().map(|mail| mail.read).sum::<u64>(), mbox.len() as u64);
        assert!(mails.iter().all(|mail| mail.size == mail.bytes.len() as u64));
        assert!(mails.iter().zip(1..).all(|(mail, number)| mail.number == number));
        mails.into_iter().map(|mail| String::from_utf8(mail.bytes).unwrap()).collect()
    }

    #[test]
    fn mails_are_cut_at_separators() {
        let gmail = "From 1795@xxx Mon Nov 04 10:00:00 +0000 2024\r\nA: 1\r\n\r\nbody\r\n\r\nFrom 1796@xxx Mon Nov 04 10:00:00 +0000 2024\r\nA: 2\r\n";
        assert_eq!(split(gmail), ["A: 1\r\n\r\nbody\r\n", "A: 2\r\n"]);
        let thunderbird = "From - Mon Nov 04 10:00:00 2024\nA: 1\n\n\n\nFrom - Mon Nov 04 10:00:00 2024\nA: 2\n\n\n";
        assert_eq!(split(thunderbird), ["A: 1\n\n\n", "A: 2\n\n"]);
        assert_eq!(split("From a\nA: 1\n\nFrom b\n\nFrom c\nA: 3"), ["A: 1\n", "", "A: 3"]);
        assert_eq!(split("From "), [""]);
    }

    #[test]
    fn text_that_looks_like_a_separator_stays_text() {
        let date = "Mon Nov  4 10:00:00 2024";
        let text = format!("From a {date}\nA: 1\n\nFrom now on\nFrom b {date}\n\nxFrom c {date}\n From d {date}\n");
        assert_eq!(split(&text), [format!("A: 1\n\nFrom now on\nFrom b {date}\n\nxFrom c {date}\n From d {date}\n")]);
        assert_eq!(
            split("From a\nA: 1\n\n>From b\n>>From c\n> From d\n>Fromage\n>>\n"),
            ["A: 1\n\nFrom b\n>From c\n> From d\n>Fromage\n>>\n"]
        );
    }

    #[test]
    fn a_long_line_is_one_line() {
        let size = usize::try_from(PIECE_MAX).unwrap();
        for size in [size - 1, size, size + 1] {
            let line = "x".repeat(size);
            assert_eq!(split(&format!("From a\n{line}From b\n\nFrom c\n")), [format!("{line}From b\n"), String::new()]);
        }
    }

    #[test]
    fn dates_of_separators() {
        for (line, dated) in [
            ("From a@b Mon Nov  4 10:00:00 2024", true),
            ("From a@b Mon Nov  4 10:00 UTC 2024", true),
            ("From a@b 2024", false),
            ("From 10:00", false),
            ("From 10:00:00:00 in 2024", false),
            ("From a:b to 20245", false),
        ] {
            assert_eq!(has_date(line.as_bytes()), dated, "{line}");
        }
    }
}
