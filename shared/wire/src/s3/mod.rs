//! The mail bucket: an object's beginning, and pages of keys. Two calls of S3's many, without its SDK: that is a
//! megabyte of code.

mod address;
mod listing;

use jiff::Timestamp;

use crate::{Body, Call, Wire, WireError};
use address::Address;

/// The most that a page of keys takes: a thousand keys of 1024 bytes each, all of it escaped.
const PAGE_MAX: usize = 8 * 1024 * 1024;

/// S3 in the function's Region.
#[derive(Clone, Debug)]
pub struct S3 {
    wire: Wire,
    address: Address,
}

/// A page of keys, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The objects.
    pub objects: Vec<Listed>,
    /// There are more behind the last one.
    pub more: bool,
}

/// An object of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// When it was written; `None` if that was no time.
    pub modified: Option<Timestamp>,
}

/// Why S3 did not give what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    /// No bucket can have this name, so nothing is asked: it would be part of a host name.
    #[error("{0:?} is no name of a bucket")]
    Bucket(String),
    /// There is no such object.
    #[error("there is no such object")]
    Gone,
    /// The call failed.
    #[error("S3 could not be asked")]
    Wire(#[from] WireError),
    /// The page of keys is not of the form that S3 writes.
    #[error("the page of keys cannot be read")]
    Page,
}

impl S3 {
    /// At an endpoint of its own (path-style), else where AWS has it in the Region.
    pub fn new(wire: Wire, endpoint: Option<String>) -> Self {
        let address = endpoint.map_or_else(|| Address::Region(wire.region().to_owned()), Address::Endpoint);
        Self { wire, address }
    }

    /// Reads an object up to so many bytes.
    ///
    /// # Errors
    /// [`S3Error::Gone`] when it is not there; else a later try may give it. Without `s3:ListBucket` S3 refuses
    /// (403) also what is not there.
    pub async fn object(&self, bucket: &str, key: &str, most: usize) -> Result<Body, S3Error> {
        let url = self.address.object(bucket, key).ok_or_else(|| no_bucket(bucket))?;
        match self.wire.call(&get(&url)).await {
            Ok(answer) => Ok(answer.read(most).await?),
            Err(WireError::Refused { status: 404, code, .. }) if code == "NoSuchKey" => Err(S3Error::Gone),
            Err(error) => Err(error.into()),
        }
    }

    /// At most `most` keys (and at most a thousand) behind another one.
    ///
    /// # Errors
    /// When the bucket cannot be listed now.
    pub async fn list(&self, bucket: &str, after: Option<&str>, most: usize) -> Result<Listing, S3Error> {
        let url = self.address.list(bucket, after, most).ok_or_else(|| no_bucket(bucket))?;
        let page = self.wire.call(&get(&url)).await?.read(PAGE_MAX).await?;
        if page.truncated {
            return Err(S3Error::Page);
        }
        listing::read(&String::from_utf8_lossy(&page.bytes)).ok_or(S3Error::Page)
    }
}

fn get(url: &str) -> Call<'_> {
    Call { service: "s3", method: "GET", url, headers: &[], body: &[] }
}

fn no_bucket(name: &str) -> S3Error {
    S3Error::Bucket(name.chars().take(80).collect())
}
