//! AWS's own subject templates. Only the token at the start is AWS's; what follows it is a title that anyone may have typed.

use crate::ids::AwsId;

/// A subject and what its start says, read once for all that ask.
pub(super) struct Subject<'x> {
    /// As it stands in the mail.
    pub(super) whole: &'x str,
    /// Without the prefixes of replies and forwards, in lower case.
    pub(super) bare: String,
    /// AWS's token at its start.
    pub(super) token: Option<Token<'x>>,
}

impl<'x> Subject<'x> {
    pub(super) fn of(whole: &'x str) -> Self {
        let bare = bare(whole);
        // "[Action Required] RE:[CASE 1] …" begins with AWS's token as well.
        let rest = strip(bare, "[action required]").map_or(bare, self::bare);
        Self { whole, bare: bare.to_lowercase(), token: token(rest) }
    }

    /// The ID of AWS's token.
    pub(super) fn id(&self) -> Option<&AwsId> {
        self.token.as_ref().and_then(|token| token.id.as_ref())
    }
}

/// What the start of a subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Template {
    /// `Amazon Web Services: New Support case: <id>`.
    Opening,
    /// `RE:[CASE <id>] <title>`.
    Case,
    /// `Your AWS Abuse Report [<ticket>] [AWS ID <account>]`, `Your Amazon EC2 Abuse Report <ticket> [`.
    Abuse,
    /// `Request ID: <id>`, `[Request <id>] …`: not seen yet, but no title can stand there.
    Request,
}

/// The template of a subject, with its ID where it has a readable one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'x> {
    pub(super) template: Template,
    pub(super) id: Option<AwsId>,
    /// The title behind it.
    pub(super) title: &'x str,
}

/// What a mail client or a gateway puts before the subject.
const PREFIXES: &[&str] =
    &["re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "antw:", "転送:", "返信:", "[external]", "[ext]", "(external)", "external:"];

/// The subject without the prefixes of replies and forwards.
fn bare(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    // Hardly any subject begins with a byte of theirs, and a letter and a bracket tell them apart.
    let begins = |rest: &str| rest.bytes().next().is_some_and(|b| !b.is_ascii() || b"rfaws[(e".contains(&b.to_ascii_lowercase()));
    while let Some(shorter) = Some(rest).filter(|rest| begins(rest)).and_then(|rest| PREFIXES.iter().find_map(|prefix| strip(rest, prefix)))
    {
        rest = shorter.trim_start();
    }
    rest
}

/// AWS's token at the start of a bare subject.
fn token(rest: &str) -> Option<Token<'_>> {
    if !rest.bytes().next().is_some_and(|b| b"a[yr".contains(&b.to_ascii_lowercase())) {
        return None;
    }
    let opening = strip(rest, "amazon web services:").map(str::trim_start).and_then(|r| strip(r, "new support case:"));
    if let Some(rest) = opening {
        return Some(of(Template::Opening, rest));
    }
    for (prefix, template) in [
        ("[case id:", Template::Case),
        ("[case ", Template::Case),
        ("your aws abuse report [", Template::Abuse),
        ("your aws abuse report ", Template::Abuse),
        ("your amazon ec2 abuse report [", Template::Abuse),
        ("your amazon ec2 abuse report ", Template::Abuse),
        ("[request id:", Template::Request),
        ("[request ", Template::Request),
        ("request id:", Template::Request),
        ("request id ", Template::Request),
    ] {
        if let Some(rest) = strip(rest, prefix) {
            let token = of(template, rest);
            // "Request ID for my team" is a sentence, "[Request for help]" a title.
            return (template != Template::Request || token.id.is_some()).then_some(token);
        }
    }
    None
}

fn of(template: Template, rest: &str) -> Token<'_> {
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    Token { template, id: AwsId::parse(&rest[..end]), title: rest[end..].trim_start_matches([']', ' ', '[']) }
}

fn strip<'x>(text: &'x str, prefix: &str) -> Option<&'x str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(subject: &str) -> Option<String> {
        Subject::of(subject).id().map(ToString::to_string)
    }

    #[test]
    fn the_token_at_the_start_names_the_case() {
        for subject in [
            "RE:[CASE 172355555500456] Limit increase",
            "Re: RE: [Case 172355555500456]",
            "Fwd: RE:[CASE 172355555500456] x",
            "Amazon Web Services: New Support case: 172355555500456",
            "[Case ID: 172355555500456] x",
            "Request ID: 172355555500456",
            "[Request 172355555500456] x",
            "Your AWS Abuse Report [172355555500456] [AWS ID 111122223333]",
        ] {
            assert_eq!(id(subject).as_deref(), Some("172355555500456"), "{subject}");
        }
    }

    #[test]
    fn a_title_never_does() {
        for subject in [
            "About [CASE 172355555500456]",
            "Please open case 172355555500456",
            "Request ID for our team",
            "[Request for help] x",
            "New Support case: 172355555500456",
            "",
            "RE:",
        ] {
            assert_eq!(id(subject), None, "{subject}");
        }
        let subject = Subject::of("RE:[CASE 172355555500456] about [CASE 999999999991]");
        assert_eq!(subject.token.map(|t| t.title), Some("about [CASE 999999999991]"));
    }
}
