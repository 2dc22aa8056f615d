//! Elastic IPs: public addresses, v4 and v6, that stand in a text as addresses.
//!
//! What looks like one and is none: a version (`version 1.2.3.4`), a part of a longer number (`1.3.6.1.4`), a private or reserved
//! address, a network (`203.0.113.0/24`), the host of a URL or of a mail address, and the addresses of servers in a copied header.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::add;
use super::words::{Word, words};

/// Words before dotted numbers that are no address.
const VERSIONS: &[&str] = &[
    "version", "versions", "ver", "v", "release", "releases", "build", "revision", "rev", "section", "chapter", "clause", "firmware",
    "kernel", "driver", "patch", "oid",
];

/// The addresses of a text, each once, in order.
pub(super) fn find(text: &str, most: usize) -> Vec<IpAddr> {
    let mut found = Vec::new();
    if !may_hold(text) {
        return found;
    }
    let mut dump = false;
    for line in text.split('\n') {
        dump = in_header_dump(line, dump);
        if dump || !may_hold(line) {
            continue;
        }
        for (_, address) in in_line(line) {
            add(&mut found, address, most);
            if found.len() == most {
                return found;
            }
        }
    }
    found
}

/// Whether two dots or two colons stand in a line as in an address, or in any line of a text: most have none, and cost nothing more.
pub(super) fn may_hold(line: &str) -> bool {
    let bytes = line.as_bytes();
    memchr::memchr2_iter(b'.', b':', bytes).any(|at| {
        let before = at.checked_sub(1).is_some_and(|n| bytes[n].is_ascii_hexdigit());
        before && bytes[at + 1..].iter().take(5).find(|b| !b.is_ascii_hexdigit()) == bytes.get(at)
    })
}

/// The addresses of one line, with their words.
pub(super) fn in_line(line: &str) -> impl Iterator<Item = (Word<'_>, IpAddr)> {
    let (mut before, mut last): (Option<Word<'_>>, Option<Word<'_>>) = (None, None);
    words(line).filter_map(move |word| {
        let [second, first] = [std::mem::replace(&mut before, last), last.replace(word)];
        let address = of_word(word.text).filter(|_| stands_alone(line, word))?;
        let version = first.is_some_and(|w| w.is_one_of(VERSIONS)) || second.is_some_and(|w| w.is_one_of(&VERSIONS[..2]));
        (!(version && address.is_ipv4())).then_some((word, address))
    })
}

/// Whether a line belongs to the header of a mail that somebody pasted: from a field that only servers write to the next empty line.
pub(super) fn in_header_dump(line: &str, before: bool) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
    if line.is_empty() || before {
        return before && !line.is_empty();
    }
    let Some((name, _)) = line.split_once(':').filter(|(name, _)| name.len() <= 40 && !name.contains(' ')) else { return false };
    let begins = |with: &str| name.get(..with.len()).is_some_and(|n| n.eq_ignore_ascii_case(with));
    begins("x-")
        || begins("arc-")
        || [
            "received",
            "received-spf",
            "authentication-results",
            "return-path",
            "dkim-signature",
            "delivered-to",
            "message-id",
            "in-reply-to",
            "references",
            "mime-version",
            "content-type",
        ]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether no URL, mail address or assignment goes on before the word or behind it.
fn stands_alone(line: &str, word: Word<'_>) -> bool {
    let before = line[..word.start].trim_end_matches('[').chars().next_back();
    let behind = line[word.end()..].trim_start_matches(']').chars().next();
    !matches!(before, Some('@' | '/' | '=' | '\\')) && !matches!(behind, Some('/' | '@'))
}

/// The public address that a word is, alone or as a network of this one address.
fn of_word(word: &str) -> Option<IpAddr> {
    if !word.bytes().any(|b| b == b':') {
        let v4: Ipv4Addr = word.strip_suffix("/32").unwrap_or(word).parse().ok()?;
        return is_public_v4(v4).then_some(v4.into());
    }
    if let Ok(v6) = word.strip_suffix("/128").unwrap_or(word).parse::<Ipv6Addr>() {
        return is_public_v6(v6).then_some(v6.into());
    }
    // An IPv4 address with a port.
    let (address, port) = word.split_once(':')?;
    let v4: Ipv4Addr = address.parse().ok()?;
    (port.parse::<u16>().is_ok() && is_public_v4(v4)).then_some(v4.into())
}

/// Addresses that an Elastic IP can be. The documentation ranges are kept: they are what people write for one.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmark = a == 198 && matches!(b, 18 | 19);
    let none = a == 0 || a >= 224;
    !(none || shared || benchmark || address.is_private() || address.is_loopback() || address.is_link_local())
}

/// Global unicast is 2000::/3 (RFC 4291).
const fn is_public_v6(address: Ipv6Addr) -> bool {
    address.segments()[0] >> 13 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text, 16).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn addresses_are_found_however_they_stand() {
        for text in [
            "203.0.113.5",
            "the Elastic IP 203.0.113.5.",
            "(203.0.113.5), 203.0.113.5;",
            "Elastic IP: [203.0.113.5]",
            "203.0.113.5/32",
            "telnet to 203.0.113.5:25 works",
            "EIP203.0.113.5 and <203.0.113.5>",
            "a new version of the record for 203.0.113.5",
            "アドレス203.0.113.5の逆引き",
        ] {
            assert_eq!(found(text), ["203.0.113.5"], "{text}");
        }
        assert_eq!(found("2001:DB8:0:0::5, [2001:db8::6]: 2001:db8::7/128."), ["2001:db8::5", "2001:db8::6", "2001:db8::7"]);
    }

    #[test]
    fn false_friends_are_not() {
        for text in [
            "version 1.2.3.4",
            "Version: 1.2.3.4",
            "version is 1.2.3.4",
            "v1.2.3.4",
            "1.2.3.4-beta",
            "1.3.6.1.4.1.311",
            "1.2.3",
            "256.0.113.5",
            "01.2.3.4",
            "10.0.0.1 172.16.5.4 192.168.0.1 127.0.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255",
            "203.0.113.0/24",
            "http://203.0.113.5/x",
            "http://[2001:db8::1]/x",
            "user@[203.0.113.5] and user@203.0.113.5",
            "client-ip=203.0.113.5",
            "ip-203-0-113-5",
            "2001:db8::/32 fe80::1 ::1 fd00::1 fe80::1%eth0 10:02:05 aa:bb:cc:dd:ee:ff std::net",
            "Received: from a.example ([203.0.113.5])\n by b.example (203.0.113.6)\nX-Originating-IP: [203.0.113.7]",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_header_dump_ends_at_the_empty_line() {
        assert_eq!(found("> Received: from 203.0.113.5\n> by 203.0.113.6\n>\n> for 203.0.113.7"), ["203.0.113.7"]);
        assert_eq!(found("Elastic IP: 203.0.113.5"), ["203.0.113.5"]);
    }
}
