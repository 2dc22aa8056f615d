//! Which files hold mails, in an order that is the same every time.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use super::{MailboxError, mbox};

/// The path that stands for standard input.
pub(super) const STDIN: &str = "-";

/// One thing met on the way.
pub(super) enum Step {
    /// A file with one mail or more.
    Mails(PathBuf),
    /// One mail is waiting on standard input.
    Stdin,
    /// Something without mails, left alone.
    Skipped,
}

/// Walks paths and the folders below them, without following links to folders: no loops, and nothing twice.
pub(super) struct Walk {
    /// What is still to be visited, the next one last.
    ahead: Vec<Ahead>,
}

enum Ahead {
    /// A path that a person gave: a file is read whatever it is called, and a link is followed.
    Named(PathBuf),
    /// A folder found in a folder.
    Folder(PathBuf),
    /// Something else found in a folder, and whether that is one of a Maildir's.
    Other(PathBuf, bool),
}

impl Walk {
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        Self { ahead: paths.iter().rev().cloned().map(Ahead::Named).collect() }
    }

    /// Puts what a folder holds before everything else ahead.
    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        let in_maildir = folder.parent().is_some_and(is_maildir);
        if in_maildir && name(folder) == "tmp" {
            // Mails that are still being delivered.
            return Ok(());
        }
        let of_maildir = in_maildir && matches!(name(folder).as_str(), "cur" | "new");
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            let path = entry.path();
            let hidden = name(&path).starts_with('.');
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            match (is_folder, hidden) {
                (true, true) if !is_maildir(&path) => {}
                (true, _) => self.ahead.push(Ahead::Folder(path)),
                (false, true) => {}
                (false, false) => self.ahead.push(Ahead::Other(path, of_maildir)),
            }
        }
        Ok(())
    }

    fn visit(&mut self, next: Ahead) -> Result<Option<Step>, (PathBuf, io::Error)> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| (path, source)
        };
        match next {
            Ahead::Named(path) if path.as_os_str() == STDIN => Ok(Some(Step::Stdin)),
            Ahead::Named(path) if !fs::metadata(&path).map_err(at(&path))?.is_dir() => Ok(Some(Step::Mails(path))),
            Ahead::Named(path) | Ahead::Folder(path) => self.enter(&path).map_err(at(&path)).map(|()| None),
            Ahead::Other(path, of_maildir) => {
                let is_file = fs::metadata(&path).map_err(at(&path))?.is_file();
                let holds_mails = is_file && (of_maildir || is_eml(&path) || is_mbox(&path).map_err(at(&path))?);
                Ok(Some(if holds_mails { Step::Mails(path) } else { Step::Skipped }))
            }
        }
    }
}

impl Iterator for Walk {
    type Item = Result<Step, MailboxError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = self.ahead.pop()?;
            match self.visit(next) {
                Ok(None) => {}
                Ok(Some(step)) => return Some(Ok(step)),
                Err((path, source)) => return Some(Err(MailboxError { path, source })),
            }
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir() && folder.join("new").is_dir()
}

fn extension_is(path: &Path, wanted: &[&str]) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| wanted.iter().any(|one| extension.eq_ignore_ascii_case(one)))
}

fn is_eml(path: &Path) -> bool {
    extension_is(path, &["eml"])
}

/// An mbox has no certain name: mail programs call it `Inbox`. A file of another name needs a full first line.
fn is_mbox(path: &Path) -> io::Result<bool> {
    let mut reader = BufReader::new(File::open(path)?);
    let (starts, _) = mbox::starts_here(&mut reader)?;
    Ok(starts && (extension_is(path, &["mbox", "mbx"]) || mbox::first_line_has_date(&mut reader)?))
}
