//! Mails made to be slow, a megabyte each. None may take over a hundred times as long as a friendly mail of that size.

/// Size of each, in bytes.
pub const SIZE: usize = 1_000_000;

/// Where a pattern is repeated.
#[derive(Clone, Copy)]
enum Place {
    /// As the text of a plain mail.
    Plain,
    /// As HTML.
    Html,
    /// As the value of one header.
    Header(&'static str),
    /// As headers.
    Headers,
}

const PATTERNS: &[(&str, Place, &str)] = &[
    ("a million <", Place::Html, "<"),
    ("tags without an end", Place::Html, "<a href='x"),
    ("hidden in hidden", Place::Html, "<div style='display:none'>"),
    ("quotes in quotes", Place::Html, "<blockquote>"),
    ("comments without an end", Place::Html, "<!--"),
    ("entities", Place::Html, "&#x2019;&amp;&bogus;&"),
    ("table cells", Place::Html, "<td>1</td>"),
    ("line breaks", Place::Html, "<br>"),
    ("links", Place::Html, "<a href='https://a.example/?caseId=1'>x</a> "),
    ("unclosed quotes in an address", Place::Header("From"), "\"a"),
    ("comments in an address", Place::Header("From"), "(a"),
    ("addresses", Place::Header("To"), "a@b.example,"),
    ("=?=?=?", Place::Header("Subject"), "=?"),
    ("encoded words", Place::Header("Subject"), "=?utf-8?q?=E2?= "),
    ("long References", Place::Header("References"), "<a@b.example> "),
    ("open References", Place::Header("References"), "<"),
    ("results", Place::Header("Authentication-Results"), "; dmarc=pass (\"a"),
    ("boundary parameters", Place::Header("Content-Type"), "multipart/mixed; boundary=\"a; "),
    ("thousands of headers", Place::Headers, "X-A: b\n"),
    ("thousands of From headers", Place::Headers, "From: a@b.example\n"),
    ("thousands of Received headers", Place::Headers, "Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0000\n"),
    ("folded lines", Place::Headers, " \t\n x\n"),
    ("quoted text", Place::Plain, "> > > "),
    ("beginnings of quotations", Place::Plain, "On 20 Nov x wrote:\n"),
    ("beginnings of forwards", Place::Plain, "From: a\n\n"),
    ("repeated stems", Place::Plain, "we have not been unable to "),
    ("repeated approvals", Place::Plain, "if we have granted your request "),
    ("request ids", Place::Plain, "request id: case "),
    ("digits", Place::Plain, "172345678900123 "),
    ("Regions", Place::Plain, "(n. virginia) eu-west-1 "),
    ("web addresses", Place::Plain, "https://a.example/?displayId=1 "),
    ("one long word", Place::Plain, "a"),
    ("apostrophes", Place::Plain, "a'"),
    ("Japanese", Place::Plain, "承認されません"),
    ("empty lines", Place::Plain, "\n"),
];

/// A friendly mail of the size: words in lines.
pub fn normal() -> Vec<u8> {
    filled(Place::Plain, "The quick brown fox jumps over the lazy dog, and nobody asked it to do so.\n")
}

/// Every hostile mail with its name.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut mails: Vec<_> = PATTERNS.iter().map(|(name, place, pattern)| (*name, filled(*place, pattern))).collect();
    mails.push(("deep nesting", nested("multipart/mixed")));
    mails.push(("deep nesting of mails", nested("message/rfc822")));
    mails.push(("thousands of parts", parts("Content-Type: text/plain\n\nx\n")));
    mails.push(("thousands of HTML parts", parts("Content-Type: text/html\n\n<p>x\n")));
    mails.push(("empty lines in parts", parts(&format!("Content-Type: text/plain\n\n{}", "\n".repeat(20_000)))));
    mails.push(("quoted-printable", encoded("quoted-printable", "=E3=81=82=\n")));
    mails.push(("base64", encoded("base64", "44GC44GC44GC44GC\n")));
    mails
}

const HEAD: &str = "From: aws-automation@email.amazon.com\nSubject: port 25\n";

fn filled(place: Place, pattern: &str) -> Vec<u8> {
    let many = pattern.repeat(SIZE / pattern.len());
    match place {
        Place::Plain => format!("{HEAD}\n{many}"),
        Place::Html => format!("{HEAD}Content-Type: text/html\n\n{many}"),
        Place::Header(name) => format!("{name}: {many}\n{HEAD}\nx"),
        Place::Headers => format!("{HEAD}{many}\n\nx"),
    }
    .into_bytes()
}

fn nested(kind: &str) -> Vec<u8> {
    let mut mail = HEAD.to_owned();
    for level in 0.. {
        if mail.len() >= SIZE {
            break;
        }
        mail.push_str(&format!("Content-Type: {kind}; boundary=b{level}\n\n--b{level}\n"));
    }
    mail.into_bytes()
}

fn parts(part: &str) -> Vec<u8> {
    let part = format!("--b\n{part}");
    format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{}", part.repeat(SIZE / part.len())).into_bytes()
}

fn encoded(encoding: &str, pattern: &str) -> Vec<u8> {
    format!(
        "{HEAD}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{}",
        pattern.repeat(SIZE / pattern.len())
    )
    .into_bytes()
}
