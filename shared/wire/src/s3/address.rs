//! Where a bucket and its objects are, as URLs that are encoded as S3 signs them.

use std::fmt::Write;

use crate::suffix;

/// Where S3 is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// At an endpoint of its own; the bucket begins the path.
    Endpoint(String),
    /// At AWS, in this Region. A bucket is a host name of its own there, unless it has dots: AWS's certificates cover one label.
    Region(String),
}

impl Address {
    /// The URL of an object; `None` if no bucket has that name.
    pub(super) fn object(&self, bucket: &str, key: &str) -> Option<String> {
        let mut url = self.bucket(bucket)?;
        url.push('/');
        // A key's slashes are its own; nothing else in it, not even `..`, means anything to S3.
        encode(&mut url, key, b"/");
        Some(url)
    }

    /// The URL of a page of keys.
    pub(super) fn list(&self, bucket: &str, after: Option<&str>, most: usize) -> Option<String> {
        let mut url = self.bucket(bucket)?;
        let _ = write!(url, "/?list-type=2&max-keys={}", most.min(1_000));
        if let Some(after) = after {
            url.push_str("&start-after=");
            encode(&mut url, after, b"");
        }
        Some(url)
    }

    fn bucket(&self, name: &str) -> Option<String> {
        if !is_bucket(name) {
            return None;
        }
        Some(match self {
            Self::Endpoint(url) => format!("{}/{name}", url.trim_end_matches('/')),
            Self::Region(region) if name.contains('.') => format!("https://s3.{region}.{}/{name}", suffix(region)),
            Self::Region(region) => format!("https://{name}.s3.{region}.{}", suffix(region)),
        })
    }
}

/// Whether a bucket can have this name: 3 to 63 small letters, digits, dots and hyphens, the first and last one a letter or digit. The name
/// comes with an event and becomes part of a host.
fn is_bucket(name: &str) -> bool {
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    (3..=63).contains(&name.len()) && name.bytes().all(|c| good(c) || matches!(c, b'.' | b'-')) && ends.into_iter().flatten().all(good)
}

/// Percent-encodes all but what RFC 3986 calls unreserved, and `kept`.
fn encode(url: &mut String, text: &str, kept: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(region: &str) -> Address {
        Address::Region(region.to_owned())
    }

    #[test]
    fn a_bucket_is_found_where_its_region_and_its_name_put_it() {
        for (address, bucket, url) in [
            (at("eu-west-1"), "mail", "https://mail.s3.eu-west-1.amazonaws.com/k"),
            (at("cn-north-1"), "mail", "https://mail.s3.cn-north-1.amazonaws.com.cn/k"),
            (at("us-gov-west-1"), "mail", "https://mail.s3.us-gov-west-1.amazonaws.com/k"),
            (at("eu-west-1"), "mail.corp.example", "https://s3.eu-west-1.amazonaws.com/mail.corp.example/k"),
            (Address::Endpoint("http://127.0.0.1:4566/".to_owned()), "mail", "http://127.0.0.1:4566/mail/k"),
            (Address::Endpoint("https://s3.corp.example/base".to_owned()), "mail", "https://s3.corp.example/base/mail/k"),
        ] {
            assert_eq!(address.object(bucket, "k").as_deref(), Some(url));
        }
    }

    #[test]
    fn every_byte_of_a_key_that_could_mean_something_is_encoded_once() {
        for (key, path) in [
            ("inbound/0a1b", "inbound/0a1b"),
            ("a b+c", "a%20b%2Bc"),
            ("déjà vu/日", "d%C3%A9j%C3%A0%20vu/%E6%97%A5"),
            ("/a//b/", "/a//b/"),
            ("../../x?y#z", "../../x%3Fy%23z"),
            ("50%25", "50%2525"),
            ("~-._", "~-._"),
            ("a\r\nb\0", "a%0D%0Ab%00"),
        ] {
            assert_eq!(at("eu-west-1").object("mail", key), Some(format!("https://mail.s3.eu-west-1.amazonaws.com/{path}")));
        }
    }

    #[test]
    fn a_page_begins_behind_a_key_whatever_is_in_it() {
        let list = |after, most| at("eu-west-1").list("mail", after, most).unwrap();
        assert_eq!(list(None, 20), "https://mail.s3.eu-west-1.amazonaws.com/?list-type=2&max-keys=20");
        assert!(list(Some("a/b&max-keys=9 +"), 5_000).ends_with("/?list-type=2&max-keys=1000&start-after=a%2Fb%26max-keys%3D9%20%2B"));
    }

    #[test]
    fn what_no_bucket_is_called_never_becomes_part_of_a_host() {
        let long = "a".repeat(64);
        for bad in ["", "ab", "evil.example/", "evil.example#", "a@b", "a:80", "A-bucket", "-ab", "ab.", "a b", "bücket", &long] {
            assert_eq!(at("eu-west-1").object(bad, "k"), None, "{bad:?}");
            assert_eq!(at("eu-west-1").list(bad, None, 1), None, "{bad:?}");
        }
    }
}
