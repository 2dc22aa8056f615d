//! Where raw mails lie: an S3 bucket, or a folder on this machine.

use std::path::{Path, PathBuf};

use domain::mail::MAX_BYTES;
use wire::s3::{S3, S3Error};

/// At most this much of an S3 object is read: a function of 256 MB keeps a mail a few times while it reads it. What is longer is
/// marked as truncated, and then approves nothing. Text comes first in real mail; attachments are what makes it long.
pub const S3_MAX: usize = 4 * 1024 * 1024;

/// The mail bucket.
#[derive(Clone, Debug)]
pub enum Inbox {
    /// S3, as SES fills it.
    S3(S3),
    /// A folder of the local program: one file for each object.
    Folder(PathBuf),
}

/// An object as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes, at most [`S3_MAX`] or [`MAX_BYTES`].
    pub bytes: Vec<u8>,
    /// There is more of it.
    pub truncated: bool,
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// It is not there, and will not be.
    #[error("the object {key} is not there")]
    Gone {
        /// Its key.
        key: String,
    },
    /// The key cannot be a file of the folder.
    #[error("the key {key:?} is no file name")]
    BadKey {
        /// The key.
        key: String,
    },
    /// Reading or writing failed; a retry may cure it.
    #[error("cannot read or write the object {key}")]
    Failed {
        /// Its key.
        key: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Inbox {
    /// Fetches an object, up to [`S3_MAX`] of S3 and [`MAX_BYTES`] of a file.
    ///
    /// # Errors
    /// When it is gone, or cannot be read now.
    pub async fn fetch(&self, bucket: Option<&str>, key: &str) -> Result<Fetched, InboxError> {
        match self {
            Self::S3(client) => fetch_s3(client, bucket.unwrap_or_default(), key).await,
            Self::Folder(folder) => fetch_file(folder, key),
        }
    }
}

impl Inbox {
    /// Opens the connection to the bucket by asking for an object that is not there.
    pub async fn warm_up(&self, bucket: Option<String>) {
        if let (Self::S3(client), Some(bucket)) = (self, bucket) {
            // Only the connection is wanted: whatever the answer is, it is open.
            drop(client.object(&bucket, "warm-up", 0).await);
        }
    }
}

async fn fetch_s3(client: &S3, bucket: &str, key: &str) -> Result<Fetched, InboxError> {
    match client.object(bucket, key, S3_MAX).await {
        Ok(object) => Ok(Fetched { bytes: object.bytes, truncated: object.truncated }),
        Err(S3Error::Gone) => Err(InboxError::Gone { key: key.to_owned() }),
        Err(error) => Err(failed(key)(error)),
    }
}

fn fetch_file(folder: &Path, key: &str) -> Result<Fetched, InboxError> {
    use std::io::Read;
    let path = file_of(folder, key)?;
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(InboxError::Gone { key: key.to_owned() }),
        Err(error) => return Err(failed(key)(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed(key))?;
    let truncated = bytes.len() > MAX_BYTES;
    bytes.truncate(MAX_BYTES);
    Ok(Fetched { bytes, truncated })
}

/// The file of a key. Keys of the folder are made by us; anything else does not become a path.
///
/// # Errors
/// When the key holds anything but letters, digits, dots, dashes and underscores.
pub fn file_of(folder: &Path, key: &str) -> Result<PathBuf, InboxError> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if key.is_empty() || key.len() > 200 || key.starts_with('.') || !key.chars().all(good) {
        return Err(InboxError::BadKey { key: key.chars().take(200).collect() });
    }
    Ok(folder.join(key))
}

fn failed<E: std::error::Error + Send + Sync + 'static>(key: &str) -> impl FnOnce(E) -> InboxError + use<'_, E> {
    move |error| InboxError::Failed { key: key.to_owned(), source: Box::new(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_leaves_the_folder() {
        for bad in ["", "../x", "a/b", ".hidden", "a\0b", "a\\b"] {
            assert!(file_of(Path::new("/mail"), bad).is_err(), "{bad:?}");
        }
        assert_eq!(file_of(Path::new("/mail"), "a-1.eml").unwrap(), Path::new("/mail/a-1.eml"));
    }
}
