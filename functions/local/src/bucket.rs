//! The folder that stands in for the mail bucket: every mail that was accepted, as it came.
//!
//! A mail is durable in `incoming/` before its sender hears "250"; once its ending is in the table the file moves up. What a crash
//! left in `incoming/` is filed at the next start.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use domain::ids::hash_hex;

/// How many mails were written: their names while they are, so that two never share one.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// The folder.
#[derive(Clone, Debug)]
pub struct Bucket {
    filed: PathBuf,
    incoming: PathBuf,
}

impl Bucket {
    /// Opens the folder, and makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let bucket = Self { filed: folder.to_owned(), incoming: folder.join("incoming") };
        fs::create_dir_all(&bucket.incoming)?;
        Ok(bucket)
    }

    /// Keeps a mail; afterwards it survives a crash. The same bytes have the same key.
    ///
    /// # Errors
    /// When it cannot be written; the sender must keep it then.
    pub fn put(&self, bytes: &[u8]) -> io::Result<String> {
        let key = format!("{}.eml", hash_hex(&[bytes], 16));
        // Two that take in the same mail at once write two files; either rename is right.
        let n = PARTS.fetch_add(1, Ordering::Relaxed);
        let (part, path) = (self.incoming.join(format!(".{key}.{n}.part")), self.incoming.join(&key));
        if self.filed.join(&key).exists() {
            return Ok(key);
        }
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &path)?;
        File::open(&self.incoming)?.sync_all()?;
        Ok(key)
    }

    /// Notes that the mail's ending is in the table.
    ///
    /// # Errors
    /// When the file cannot be moved; it is filed once more at the next start, which changes nothing.
    pub fn filed(&self, key: &str) -> io::Result<()> {
        match fs::rename(self.incoming.join(key), self.filed.join(key)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// The keys of mails whose ending is not in the table yet, oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn waiting(&self) -> io::Result<Vec<String>> {
        Ok(self.waiting_since()?.into_iter().map(|(_, name)| name).collect())
    }

    /// When the oldest of them was written.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn oldest_waiting(&self) -> io::Result<Option<SystemTime>> {
        Ok(self.waiting_since()?.into_iter().map(|(at, _)| at).next())
    }

    fn waiting_since(&self) -> io::Result<Vec<(SystemTime, String)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.incoming)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|n| !n.starts_with('.')) else { continue };
            match entry.metadata() {
                Ok(metadata) => found.push((metadata.modified()?, name.to_owned())),
                // It was filed meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        found.sort();
        Ok(found)
    }

    /// At most `limit` mails behind a key, in the order of their keys, each with the time at which it was written; whether they wait
    /// or are filed.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn objects(&self, after: Option<&str>, limit: usize) -> io::Result<Vec<(String, SystemTime)>> {
        let mut found = BTreeMap::new();
        for folder in [&self.incoming, &self.filed] {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let name = entry.file_name();
                let Some(name) = name.to_str().filter(|n| !n.starts_with('.') && after.is_none_or(|after| *n > after)) else { continue };
                match entry.metadata() {
                    Ok(metadata) if metadata.is_file() => {
                        found.insert(name.to_owned(), metadata.modified()?);
                    }
                    Ok(_) => {}
                    // It moved meanwhile.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(found.into_iter().take(limit).collect())
    }

    /// The folder that a mail is in.
    pub fn folder_of(&self, key: &str) -> &Path {
        if self.incoming.join(key).exists() { &self.incoming } else { &self.filed }
    }

    /// The folder of mails that wait.
    pub fn incoming(&self) -> &Path {
        &self.incoming
    }
}
