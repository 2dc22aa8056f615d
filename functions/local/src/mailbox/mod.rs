//! Where `port25 import` finds mails: single files, folders, Maildirs, mbox exports, and standard input.
//!
//! The paths are walked in order and folders by name (`walk`), each file is cut into mails (`mbox` when it begins with
//! `From `), and the mails come one at a time, so an export of any size needs the memory of one mail. A file that cannot
//! be read is an item of its own and the walk goes on. What is no mail is left alone and counted.

mod mbox;
mod walk;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use mbox::Mbox;
use walk::{STDIN, Step, Walk};

/// Most that is kept of one mail, in bytes: one more than the 40 MB that a mail may have, so that its reader sees that
/// it is too large. The rest is skipped.
pub const KEPT_MAX: usize = 40 * 1024 * 1024 + 1;

/// What lies before an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Files with mails.
    pub files: u64,
    /// Their bytes; standard input counts as none. The same as all [`Found::read`] together, so that a progress bar ends
    /// at its end.
    pub bytes: u64,
    /// Files and linked folders that hold no mail by their name and beginning, and are left alone.
    pub skipped: u64,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file; in an mbox also the mail's place, as in `export.mbox#3`; `-` for standard input.
    pub source: String,
    /// The mail, at most [`KEPT_MAX`] bytes of it.
    pub bytes: Vec<u8>,
    /// How large the whole mail is, in bytes.
    pub size: u64,
    /// How far the file was read for this mail, in bytes: its size, and what an mbox puts around it.
    pub read: u64,
}

/// Something that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub struct MailboxError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

/// Adds up what the paths hold, before the import begins.
///
/// # Errors
/// When one of the paths itself cannot be read. What cannot be read below them is left to [`mails`].
pub fn count(paths: &[PathBuf]) -> Result<Totals, MailboxError> {
    let mut totals = Totals::default();
    for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
        std::fs::metadata(path).map_err(|source| MailboxError { path: path.clone(), source })?;
    }
    for step in Walk::new(paths) {
        match step {
            Ok(Step::Mails(path)) => {
                totals.files += 1;
                totals.bytes += std::fs::metadata(&path).map_or(0, |file| file.len());
            }
            Ok(Step::Skipped) => totals.skipped += 1,
            Ok(Step::Stdin) | Err(_) => {}
        }
    }
    Ok(totals)
}

/// All mails below the paths, in the order of the paths and, in a folder, of the names.
pub fn mails(paths: &[PathBuf]) -> impl Iterator<Item = Result<Found, MailboxError>> {
    Walk::new(paths).flat_map(|step| match step {
        Ok(Step::Mails(path)) => match File::open(&path) {
            Ok(file) => in_file(path, Box::new(BufReader::with_capacity(READ_SIZE, file))),
            Err(source) => FileMails::Failed(Some(MailboxError { path, source })),
        },
        Ok(Step::Stdin) => in_file(PathBuf::from(STDIN), Box::new(io::stdin().lock())),
        Ok(Step::Skipped) => FileMails::Failed(None),
        Err(error) => FileMails::Failed(Some(error)),
    })
}

/// Bytes per read of a file: exports are read from end to end.
const READ_SIZE: usize = 256 * 1024;

/// The mails of one file.
enum FileMails {
    Failed(Option<MailboxError>),
    One(PathBuf, Option<Box<dyn BufRead>>),
    Many(PathBuf, Box<Mbox>),
}

/// Looks at the beginning of the file: an mbox is known by it, whatever its name.
fn in_file(path: PathBuf, mut reader: Box<dyn BufRead>) -> FileMails {
    match mbox::starts_here(&mut reader) {
        Ok((true, head)) => FileMails::Many(path, Box::new(Mbox::new(Box::new(io::Cursor::new(head).chain(reader))))),
        Ok((false, head)) => FileMails::One(path, Some(Box::new(io::Cursor::new(head).chain(reader)))),
        Err(source) => FileMails::Failed(Some(MailboxError { path, source })),
    }
}

impl Iterator for FileMails {
    type Item = Result<Found, MailboxError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Failed(error) => error.take().map(Err),
            Self::One(path, reader) => {
                let found =
                    whole(reader.take()?).map(|(bytes, size)| Found { source: path.display().to_string(), bytes, size, read: size });
                Some(found.map_err(|source| MailboxError { path: path.clone(), source }))
            }
            Self::Many(path, mbox) => {
                let next = mbox.next()?;
                let found = next.map(|mail| Found {
                    source: format!("{}#{}", path.display(), mail.number),
                    bytes: mail.bytes,
                    size: mail.size,
                    read: mail.read,
                });
                Some(found.map_err(|source| MailboxError { path: path.clone(), source }))
            }
        }
    }
}

/// A file that is one mail, and its size.
fn whole(mut reader: Box<dyn BufRead>) -> io::Result<(Vec<u8>, u64)> {
    let mut bytes = Vec::new();
    let kept = (&mut reader).take(KEPT_MAX as u64).read_to_end(&mut bytes)?;
    let rest = io::copy(&mut reader, &mut io::sink())?;
    Ok((bytes, kept as u64 + rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    const MAIL: &str = "Subject: one\n\nbody\n";
    const MBOX: &str =
        "From a@b Mon Nov  4 10:00:00 2024\nSubject: one\n\nbody\n\nFrom a@b Mon Nov  4 11:00:00 2024\nSubject: two\n\nbody\n\n";

    /// What was found, as source below the folder and text; errors as their text.
    fn found(scratch: &Scratch, paths: &[&str]) -> Vec<(String, String)> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| scratch.path().join(path)).collect();
        let root = format!("{}/", scratch.path().display());
        let list: Vec<_> = mails(&paths)
            .map(|item| match item {
                Ok(mail) => (mail.source.replace(&root, ""), String::from_utf8(mail.bytes).unwrap()),
                Err(error) => ("error".to_owned(), error.to_string().replace(&root, "")),
            })
            .collect();
        let read: u64 = mails(&paths).filter_map(Result::ok).map(|mail| mail.read).sum();
        if let Ok(totals) = count(&paths) {
            assert_eq!(read, totals.bytes, "the progress bar must end at its end");
        }
        list
    }

    fn sources(found: &[(String, String)]) -> Vec<&str> {
        found.iter().map(|(source, _)| source.as_str()).collect()
    }

    #[test]
    fn files_by_name_and_by_beginning() {
        let scratch = Scratch::new();
        scratch.write("one.eml", MAIL);
        scratch.write("export", MBOX);
        scratch.write("empty.eml", "");
        scratch.write("any.txt", MAIL);
        let list = found(&scratch, &["one.eml", "export", "empty.eml", "any.txt", "none.eml"]);
        assert_eq!(sources(&list), ["one.eml", "export#1", "export#2", "empty.eml", "any.txt", "error"]);
        assert_eq!(list[0].1, MAIL);
        assert_eq!(list[2].1, "Subject: two\n\nbody\n");
        assert_eq!(list[5].1, "cannot read none.eml");
        let error = count(&[scratch.path().join("one.eml"), scratch.path().join("none.eml")]).unwrap_err();
        assert!(error.path.ends_with("none.eml"));
    }

    #[test]
    fn a_folder_is_walked_by_name() {
        let scratch = Scratch::new();
        scratch.write("b/2.eml", MAIL);
        scratch.write("b/1.EML", MAIL);
        scratch.write("a.eml", MAIL);
        scratch.write("c/d/Inbox", MBOX);
        scratch.write("c/letter.txt", "From here on, at 10:00, it is no mbox of 2024? It is not.\nFrom \n");
        scratch.write("c/picture.png", [137, 80, 78, 71]);
        scratch.write(".hidden.eml", MAIL);
        scratch.write(".hidden/x.eml", MAIL);
        let list = found(&scratch, &[""]);
        assert_eq!(sources(&list), ["a.eml", "b/1.EML", "b/2.eml", "c/d/Inbox#1", "c/d/Inbox#2"]);
        let totals = count(&[scratch.path().to_owned()]).unwrap();
        assert_eq!(totals, Totals { files: 4, bytes: (3 * MAIL.len() + MBOX.len()) as u64, skipped: 2 });
    }

    #[test]
    fn a_maildir_with_its_hidden_folders() {
        let scratch = Scratch::new();
        for folder in ["", ".Sent/"] {
            for name in ["cur/2:2,S", "new/1", "tmp/3"] {
                scratch.write(&format!("Mail/{folder}{name}"), MAIL);
            }
        }
        scratch.write("Mail/cur/.hidden", MAIL);
        scratch.write("Mail/dovecot-uidlist", "3 V1");
        scratch.write("other/cur/no-maildir", MAIL);
        let list = found(&scratch, &["Mail", "other"]);
        assert_eq!(sources(&list), ["Mail/.Sent/cur/2:2,S", "Mail/.Sent/new/1", "Mail/cur/2:2,S", "Mail/new/1"]);
        // Its folder of read mails may be named alone.
        assert_eq!(sources(&found(&scratch, &["Mail/cur"])), ["Mail/cur/2:2,S"]);
        assert_eq!(count(&[scratch.path().join("Mail"), scratch.path().join("other")]).unwrap().skipped, 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_not_followed() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new();
        scratch.write("a/1.eml", MAIL);
        symlink(scratch.path(), scratch.path().join("a/loop")).unwrap();
        symlink("1.eml", scratch.path().join("a/2.eml")).unwrap();
        symlink("gone", scratch.path().join("a/3.eml")).unwrap();
        symlink("a", scratch.path().join("link")).unwrap();
        let list = found(&scratch, &["a"]);
        assert_eq!(sources(&list), ["a/1.eml", "a/2.eml", "error"]);
        assert_eq!(list[2].1, "cannot read a/3.eml");
        assert_eq!(count(&[scratch.path().join("a")]).unwrap().skipped, 1);
        // A link that a person names is meant.
        assert_eq!(sources(&found(&scratch, &["link"])), ["link/1.eml", "link/2.eml", "error"]);
    }

    #[test]
    fn a_huge_mail_is_cut_and_the_next_one_is_read() {
        let scratch = Scratch::new();
        let huge = KEPT_MAX + 100_000;
        let eml = scratch.write("huge.eml", vec![b'x'; huge]);
        let mbox = scratch.write("huge.mbox", [b"From a\n", &vec![b'x'; huge][..], b"\n\nFrom b\nSubject: small\n"].concat());
        let found: Vec<Found> = mails(&[eml, mbox]).map(Result::unwrap).collect();
        assert_eq!(found.iter().map(|mail| mail.bytes.len()).collect::<Vec<_>>(), [KEPT_MAX, KEPT_MAX, 15]);
        assert_eq!(found.iter().map(|mail| mail.size).collect::<Vec<_>>(), [huge as u64, huge as u64 + 1, 15]);
    }
}
