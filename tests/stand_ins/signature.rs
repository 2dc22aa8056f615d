//! Signature Version 4 as a service checks it, computed here from what came over the wire and from AWS's description of it, with none of
//! the code that signs.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::wire::Request;

/// The secret of the credentials that the functions are started with.
const SECRET: &str = "example";
/// The difference between two clocks that AWS bears.
const SKEW: SignedDuration = SignedDuration::from_mins(15);
/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// Whether a request is signed as it came, for this service, not long ago. What is wrong, if it is not.
pub(super) fn check(request: &Request, service: &str, now: Timestamp) -> Result<(), &'static str> {
    let authorization = request.header("authorization").ok_or("there is no signature")?;
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("another algorithm")?;
    let field = |name: &str| fields.split(',').find_map(|f| f.trim().strip_prefix(name)?.strip_prefix('='));
    let [credential, names, signature] = ["Credential", "SignedHeaders", "Signature"].map(field);
    let (credential, names) = (credential.ok_or("no credential")?, names.ok_or("no names of headers")?);
    let (_, scope) = credential.split_once('/').ok_or("no scope")?;
    let [day, region, of, "aws4_request"] = scope.split('/').collect::<Vec<_>>()[..] else { return Err("another scope") };
    let time = request.header("x-amz-date").ok_or("no date")?;
    if of != service || !time.starts_with(day) {
        return Err("a scope of something else");
    }
    let at = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", time).and_then(|t| t.to_datetime()).map_err(|_| "a date of another form")?;
    let at = jiff::tz::TimeZone::UTC.to_timestamp(at).map_err(|_| "a date that never was")?;
    if at.duration_since(now).abs() > SKEW {
        return Err("signed at another time");
    }
    // What decides where a request goes, and with which rights, must be under the signature.
    let signed: BTreeSet<&str> = names.split(';').collect();
    let all = request.headers.iter().map(|(name, _)| name.as_str());
    if !signed.contains("host") || all.filter(|name| name.starts_with("x-amz-")).any(|name| !signed.contains(name)) {
        return Err("a header that is not signed");
    }
    let hash = hex(&Sha256::digest(&request.body));
    let told = request.header("x-amz-content-sha256");
    if told.is_some_and(|told| told != hash) || (service == "s3" && told.is_none()) {
        return Err("the hash of another body");
    }
    let canonical = hex(&Sha256::digest(canonical(request, names, &hash).ok_or("a header that did not come")?));
    let key = [day, region, of, "aws4_request"].iter().fold(format!("AWS4{SECRET}").into_bytes(), |key, part| hmac(&key, part));
    let expected = hex(&hmac(&key, &format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{canonical}")));
    if signature == Some(expected.as_str()) { Ok(()) } else { Err("the signature of another request") }
}

/// The canonical request, with path and query as they were sent: each of them encoded once.
fn canonical(request: &Request, names: &str, hash: &str) -> Option<String> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut pairs: Vec<String> =
        query.split('&').filter(|p| !p.is_empty()).map(|p| if p.contains('=') { p.to_owned() } else { format!("{p}=") }).collect();
    pairs.sort();
    let mut text = format!("{}\n{path}\n{}\n", request.method, pairs.join("&"));
    for name in names.split(';') {
        let words: Vec<&str> = request.header(name)?.split_whitespace().collect();
        let _ = writeln!(text, "{name}:{}", words.join(" "));
    }
    let _ = write!(text, "\n{names}\n{hash}");
    Some(text)
}

/// RFC 2104.
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let key = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    let pad = |with: u8| (0..BLOCK).map(|n| key.get(n).copied().unwrap_or(0) ^ with).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let of = |key: &[u8], text: &str| hex(&hmac(key, text));
        assert_eq!(of(b"Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let long = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(of(&[0xaa; 131], long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
