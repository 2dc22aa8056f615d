//! The attributes of a tag, as far as they decide: where it links to, whether it hides, whether it quotes.

use super::entity;

/// The attributes that matter.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) href: Option<String>,
    pub(super) hidden: bool,
    pub(super) quoted: bool,
    pub(super) rest_is_quoted: bool,
}

impl Attributes {
    /// Reads what stands in a tag behind its name.
    pub(super) fn read(text: &str) -> Self {
        let mut found = Self::default();
        let mut rest = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let space = u8::is_ascii_whitespace;
        while !rest.is_empty() {
            let end = rest.bytes().position(|b| space(&b) || b == b'=').unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_ascii_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_ascii_start();
                let quote = after.bytes().next().filter(|b| matches!(b, b'"' | b'\''));
                let body = &after[usize::from(quote.is_some())..];
                let end = quote.map_or_else(|| body.bytes().position(|b| space(&b)), |q| memchr::memchr(q, body.as_bytes()));
                let end = end.unwrap_or(body.len());
                value = &body[..end];
                rest = body.get(end + usize::from(quote.is_some())..).unwrap_or_default();
            } else if end == 0 {
                // Neither a name nor `=`: cannot happen after the trims, and must not loop.
                break;
            }
            found.add(name, value);
            rest = rest.trim_ascii_start();
        }
        found
    }

    fn add(&mut self, name: &str, value: &str) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("style") {
            self.hidden |= hides(value);
        } else if is("href") {
            self.href = Some(entity::decode(value).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect());
        } else if is("hidden") {
            self.hidden = true;
        } else if is("class") {
            self.quoted |= value
                .split_ascii_whitespace()
                .any(|c| ["gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "zmail_extra"].contains(&c));
        } else if is("id") {
            self.rest_is_quoted |= ["divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"].contains(&value);
        }
    }
}

/// Whether a style hides its element: `font-size:0` does, `font-size:0.9em` does not.
fn hides(style: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect::<String>();
    style.split(';').any(|one| {
        // Most styles hide nothing: what begins like none of these is not looked at closely.
        let begins = |text: &str, words: &[u8]| text.trim_start().bytes().next().is_some_and(|b| words.contains(&b.to_ascii_lowercase()));
        let Some((name, value)) = one.split_once(':').filter(|(name, value)| begins(name, b"dvmfoh") && begins(value, b"nha0")) else {
            return false;
        };
        let (name, value) = (plain(name), plain(value));
        let value = value.trim_end_matches("!important");
        let zero = || matches!(value.trim_end_matches("px").trim_end_matches("pt").trim_end_matches("em"), "0" | "0%" | "0.0");
        match (name.as_str(), value) {
            ("display", "none") | ("visibility", "hidden") | ("mso-hide", "all") => true,
            ("font-size" | "opacity", _) => zero(),
            ("max-height" | "height", _) => zero() && plain(style).contains("overflow:hidden"),
            _ => false,
        }
    })
}
